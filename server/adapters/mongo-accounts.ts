// Connections, users, sessions, tokens and settings in MongoDB.

import mongoose from "mongoose";
import type { Session, Token, User } from "../../shared/account.ts";
import type { Connection } from "../../shared/connection.ts";
import type { AccountStore, ConnectionStore } from "../ports/store.ts";
import type { MongoDatabase } from "./mongo-database.ts";
import type { SessionDoc, TokenDoc } from "./mongo-models.ts";
import { fromJson, packText, unpackText } from "./mongo-values.ts";

export function createConnectionStore({ ask, twice, insert, models }: MongoDatabase): ConnectionStore {
  const { connections } = models;
  return {
    insert: (connection) =>
      ask(async (time) => {
        const { id: _id, workspaceId } = connection;
        const order = new mongoose.Types.ObjectId();
        const doc = JSON.stringify(connection);
        if (!(await insert(time, connections, { _id, order, workspaceId, doc }))) {
          throw new Error(`There is a connection ${_id} already.`);
        }
      }),
    get: (id) =>
      ask(async () => {
        const found = await connections.findOne({ _id: id }).lean();
        return found && fromJson<Connection>(found.doc);
      }),
    list: (workspaceId) =>
      ask(async () => {
        const found = await connections.find({ workspaceId }).sort({ order: 1 }).lean();
        return found.map(({ doc }) => fromJson<Connection>(doc));
      }),
    save: (connection) =>
      ask(async (time) => {
        const { id: _id, workspaceId } = connection;
        const $set = { workspaceId, doc: JSON.stringify(connection) };
        return (await twice(time, () => connections.updateOne({ _id }, { $set }))).matchedCount > 0;
      }),
    remove: (id) => ask(async () => (await connections.deleteOne({ _id: id })).deletedCount > 0),
  };
}

export function createAccountStore({ ask, twice, insert, models }: MongoDatabase): AccountStore {
  const { users, sessions, tokens, settings } = models;
  const settingNow = async (name: string) => {
    const found = await settings.findOne({ _id: packText(name) }).lean();
    return found && unpackText(found.value);
  };
  return {
    insertFirstUser: (first) =>
      ask(async (time) => {
        const doc = JSON.stringify(first);
        const saved = await insert(time, users, {
          _id: first.id,
          seat: 0,
          email: packText(first.email),
          doc,
        });
        return saved ? "saved" : "taken";
      }),
    userCount: () => ask(() => users.countDocuments().exec()),
    userByEmail: (email) =>
      ask(async () => {
        const found = await users.findOne({ email: packText(email) }).lean();
        return found && fromJson<User>(found.doc);
      }),
    userById: (id) =>
      ask(async () => {
        const found = await users.findOne({ _id: id }).lean();
        return found && fromJson<User>(found.doc);
      }),

    insertSession: (session) =>
      ask(async (time) => {
        const { hash: _id, lastSeenAt, expiresAt } = session;
        const doc = JSON.stringify(session);
        if (!(await insert(time, sessions, { _id, lastSeenAt, expiresAt, doc }))) {
          throw new Error("There is a session with this hash already.");
        }
      }),
    session: (hash) =>
      ask(async () => {
        const found = await sessions.findOne({ _id: hash }).lean();
        return found && toSession(found);
      }),
    touchSession: (hash, lastSeenAt) =>
      ask(async () => {
        await sessions.updateOne({ _id: hash }, { $set: { lastSeenAt } });
      }),
    removeSession: (hash) =>
      ask(async (time) => {
        await twice(time, () => sessions.deleteOne({ _id: hash }));
      }),
    pruneSessions: (now) =>
      ask(async () => (await sessions.deleteMany({ expiresAt: { $lte: now } })).deletedCount),

    insertToken: (token) =>
      ask(async (time) => {
        const { id: _id, workspaceId, hash, lastUsedAt } = token;
        const order = new mongoose.Types.ObjectId();
        const doc = JSON.stringify(token);
        if (!(await insert(time, tokens, { _id, order, workspaceId, hash, lastUsedAt, doc }))) {
          throw new Error(`There is a token ${_id} already, or another with its hash.`);
        }
      }),
    tokenByHash: (hash) =>
      ask(async () => {
        const found = await tokens.findOne({ hash }).lean();
        return found && toToken(found);
      }),
    tokens: (workspaceId) =>
      ask(async () => (await tokens.find({ workspaceId }).sort({ order: 1 }).lean()).map(toToken)),
    touchToken: (id, lastUsedAt) =>
      ask(async () => {
        await tokens.updateOne({ _id: id }, { $set: { lastUsedAt } });
      }),
    removeToken: (id) => ask(async () => (await tokens.deleteOne({ _id: id })).deletedCount > 0),

    setting: (name) => ask(() => settingNow(name)),
    setSettingOnce: (name, value) =>
      ask(async (time) => {
        await insert(time, settings, { _id: packText(name), value: packText(value) });
        return (await settingNow(name)) ?? value;
      }),
  };
}

function toSession({ doc, lastSeenAt }: SessionDoc): Session {
  return { ...fromJson<Session>(doc), lastSeenAt };
}

function toToken({ doc, lastUsedAt }: TokenDoc): Token {
  return { ...fromJson<Token>(doc), lastUsedAt };
}
