// Connections, users, sessions, tokens and settings in SQLite.

import type { Session, Token, User } from "../../shared/account.ts";
import type { Connection } from "../../shared/connection.ts";
import type { AccountStore, ConnectionStore } from "../ports/store.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { fromJson, packText, toJson, unpackText } from "./sqlite-values.ts";

interface ConnectionColumns {
  id: string;
  workspace_id: string;
  connector_id: string;
  name: string | Uint8Array;
  sealed: string;
  shown: string;
  created_at: number;
  updated_at: number;
}

interface UserColumns {
  id: string;
  workspace_id: string;
  email: string | Uint8Array;
  password_hash: string;
  role: User["role"];
  created_at: number;
}

interface SessionColumns {
  hash: string;
  user_id: string;
  created_at: number;
  last_seen_at: number;
  expires_at: number;
}

interface TokenColumns {
  id: string;
  workspace_id: string;
  name: string | Uint8Array;
  hash: string;
  tail: string;
  created_at: number;
  last_used_at: number | null;
}

export function createConnectionStore(file: SqliteFile): ConnectionStore {
  return {
    async insert(connection) {
      await file.run(
        `INSERT INTO connections
             (workspace_id, connector_id, name, sealed, shown, created_at, updated_at, id)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        ...connectionValues(connection),
        connection.id,
      );
    },
    async get(id) {
      const row = file.get<ConnectionColumns>("SELECT * FROM connections WHERE id = ?", id);
      return row ? toConnection(row) : null;
    },
    async list(workspaceId) {
      return file
        .all<ConnectionColumns>("SELECT * FROM connections WHERE workspace_id = ? ORDER BY seq", workspaceId)
        .map(toConnection);
    },
    async save(connection) {
      const changed = await file.run(
        `UPDATE connections SET workspace_id = ?, connector_id = ?, name = ?, sealed = ?, shown = ?,
           created_at = ?, updated_at = ? WHERE id = ?`,
        ...connectionValues(connection),
        connection.id,
      );
      return changed === 1;
    },
    remove: async (id) => (await file.run("DELETE FROM connections WHERE id = ?", id)) === 1,
  };
}

export function createAccountStore(file: SqliteFile): AccountStore {
  async function user(where: string, value: string | Uint8Array): Promise<User | null> {
    const row = file.get<UserColumns>(`SELECT * FROM users WHERE ${where}`, value);
    return row ? toUser(row) : null;
  }
  function settingNow(name: string): string | null {
    const row = file.get<{ value: string | Uint8Array }>(
      "SELECT value FROM settings WHERE name = ?",
      packText(name),
    );
    return row ? unpackText(row.value) : null;
  }
  return {
    async insertFirstUser(first) {
      const inserted = await file.run(
        `INSERT INTO users (id, workspace_id, email, password_hash, role, created_at)
           SELECT ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM users)`,
        first.id,
        first.workspaceId,
        packText(first.email),
        first.passwordHash,
        first.role,
        first.createdAt,
      );
      return inserted === 1 ? "saved" : "taken";
    },
    async userCount() {
      return file.get<{ n: number }>("SELECT count(*) AS n FROM users")?.n ?? 0;
    },
    userByEmail: (email) => user("email = ?", packText(email)),
    userById: (id) => user("id = ?", id),

    async insertSession(session) {
      await file.run(
        `INSERT INTO sessions (hash, user_id, created_at, last_seen_at, expires_at) VALUES (?, ?, ?, ?, ?)`,
        session.hash,
        session.userId,
        session.createdAt,
        session.lastSeenAt,
        session.expiresAt,
      );
    },
    async session(hash) {
      const row = file.get<SessionColumns>("SELECT * FROM sessions WHERE hash = ?", hash);
      return row ? toSession(row) : null;
    },
    async touchSession(hash, lastSeenAt) {
      await file.run("UPDATE sessions SET last_seen_at = ? WHERE hash = ?", lastSeenAt, hash);
    },
    async removeSession(hash) {
      await file.run("DELETE FROM sessions WHERE hash = ?", hash);
    },
    pruneSessions: (now) => file.run("DELETE FROM sessions WHERE expires_at <= ?", now),

    async insertToken(token) {
      await file.run(
        `INSERT INTO tokens (id, workspace_id, name, hash, tail, created_at, last_used_at)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
        token.id,
        token.workspaceId,
        packText(token.name),
        token.hash,
        token.tail,
        token.createdAt,
        token.lastUsedAt,
      );
    },
    async tokenByHash(hash) {
      const row = file.get<TokenColumns>("SELECT * FROM tokens WHERE hash = ?", hash);
      return row ? toToken(row) : null;
    },
    async tokens(workspaceId) {
      return file
        .all<TokenColumns>("SELECT * FROM tokens WHERE workspace_id = ? ORDER BY seq", workspaceId)
        .map(toToken);
    },
    async touchToken(id, lastUsedAt) {
      await file.run("UPDATE tokens SET last_used_at = ? WHERE id = ?", lastUsedAt, id);
    },
    removeToken: async (id) => (await file.run("DELETE FROM tokens WHERE id = ?", id)) === 1,

    async setting(name) {
      return settingNow(name);
    },
    async setSettingOnce(name, value) {
      await file.run(
        "INSERT INTO settings VALUES (?, ?) ON CONFLICT DO NOTHING",
        packText(name),
        packText(value),
      );
      return settingNow(name) ?? value;
    },
  };
}

function connectionValues(connection: Connection) {
  return [
    connection.workspaceId,
    connection.connectorId,
    packText(connection.name),
    connection.sealed,
    toJson(connection.shown),
    connection.createdAt,
    connection.updatedAt,
  ];
}

function toConnection(row: ConnectionColumns): Connection {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    connectorId: row.connector_id,
    name: unpackText(row.name),
    sealed: row.sealed,
    shown: fromJson(row.shown),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toUser(row: UserColumns): User {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    email: unpackText(row.email),
    passwordHash: row.password_hash,
    role: row.role,
    createdAt: row.created_at,
  };
}

function toSession(row: SessionColumns): Session {
  return {
    hash: row.hash,
    userId: row.user_id,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
  };
}

function toToken(row: TokenColumns): Token {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    name: unpackText(row.name),
    hash: row.hash,
    tail: row.tail,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  };
}
