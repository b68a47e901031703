// What every store must do with connections, users, sessions, tokens and settings.

import { expect, it } from "vitest";
import type { Store } from "../../server/ports/store.ts";
import { aConnection, aSession, aToken, aUser, HOSTILE_TEXTS, T0 } from "./builders.ts";

export function describeAccounts(store: () => Store): void {
  it("keeps connections", async () => {
    const shown: Record<string, string> = JSON.parse('{"__proto__":"x","a.b":"$c"}');
    const connection = aConnection({ shown });
    const other = aConnection({ workspaceId: "ws_2" });
    await store().connections.insert(connection);
    await store().connections.insert(other);
    expect(await store().connections.get(connection.id)).toEqual(connection);
    expect(await store().connections.list("ws_1")).toEqual([connection]);
    const changed = { ...connection, name: "Renamed", sealed: "v1.x", updatedAt: T0 + 1 };
    expect(await store().connections.save(changed)).toBe(true);
    expect(await store().connections.get(connection.id)).toEqual(changed);
    expect(await store().connections.save(aConnection())).toBe(false);
    expect(await store().connections.remove(connection.id)).toBe(true);
    expect(await store().connections.remove(connection.id)).toBe(false);
    expect(await store().connections.get(connection.id)).toBeNull();
    expect(await store().connections.list("ws_2")).toEqual([other]);
  });

  it("keeps hostile names", async () => {
    for (const name of HOSTILE_TEXTS) {
      const connection = aConnection({ name });
      await store().connections.insert(connection);
      expect(await store().connections.get(connection.id)).toEqual(connection);
      const token = aToken({ name });
      await store().accounts.insertToken(token);
      expect(await store().accounts.tokenByHash(token.hash)).toEqual(token);
    }
  });

  it("takes the first user and only the first, also of thirty at once", async () => {
    expect(await store().accounts.userCount()).toBe(0);
    const users = Array.from({ length: 30 }, (_, i) => aUser({ email: `u${i}@example.com` }));
    const answers = await Promise.all(users.map((user) => store().accounts.insertFirstUser(user)));
    expect(answers.filter((answer) => answer === "saved")).toHaveLength(1);
    expect(await store().accounts.userCount()).toBe(1);
    const first = users[answers.indexOf("saved")];
    expect(await store().accounts.userByEmail(first?.email ?? "")).toEqual(first);
    expect(await store().accounts.userById(first?.id ?? "")).toEqual(first);
    expect(await store().accounts.userByEmail("nobody@example.com")).toBeNull();
    expect(await store().accounts.userById("usr_nobody")).toBeNull();
  });

  it("keeps sessions until they are removed or have ended", async () => {
    const [stays, ends, leaves] = [aSession(), aSession({ expiresAt: T0 + 10 }), aSession()];
    for (const session of [stays, ends, leaves]) await store().accounts.insertSession(session);
    await store().accounts.touchSession(stays.hash, T0 + 7);
    await store().accounts.touchSession("nobody", T0 + 7);
    await store().accounts.removeSession(leaves.hash);
    expect(await store().accounts.session(leaves.hash)).toBeNull();
    expect(await store().accounts.pruneSessions(T0 + 9)).toBe(0);
    expect(await store().accounts.pruneSessions(T0 + 10)).toBe(1);
    expect(await store().accounts.session(ends.hash)).toBeNull();
    expect(await store().accounts.session(stays.hash)).toEqual({ ...stays, lastSeenAt: T0 + 7 });
  });

  it("keeps tokens", async () => {
    const [one, two] = [aToken(), aToken({ workspaceId: "ws_2", lastUsedAt: T0 })];
    await store().accounts.insertToken(one);
    await store().accounts.insertToken(two);
    await store().accounts.touchToken(one.id, T0 + 3);
    expect(await store().accounts.tokenByHash(one.hash)).toEqual({ ...one, lastUsedAt: T0 + 3 });
    expect(await store().accounts.tokens("ws_2")).toEqual([two]);
    expect(await store().accounts.removeToken(one.id)).toBe(true);
    expect(await store().accounts.removeToken(one.id)).toBe(false);
    expect(await store().accounts.tokenByHash(one.hash)).toBeNull();
    expect(await store().accounts.tokenByHash("")).toBeNull();
  });

  it("sets a setting once: everyone gets the first value", async () => {
    expect(await store().accounts.setting("check")).toBeNull();
    const values = Array.from({ length: 30 }, (_, i) => `value ${i}`);
    const answers = await Promise.all(values.map((value) => store().accounts.setSettingOnce("check", value)));
    expect(new Set(answers).size).toBe(1);
    expect(await store().accounts.setting("check")).toBe(answers[0]);
    for (const text of HOSTILE_TEXTS) {
      expect(await store().accounts.setSettingOnce(`name ${text}`, text)).toBe(text);
    }
  });
}
