// Ids sort by age, and secrets are long enough that nobody guesses one.

import { expect, test } from "vitest";
import { newId, newSecret } from "../../shared/id.ts";

test("a secret is 192 random bits unless more are asked for, in letters that a URL takes", () => {
  const secrets = Array.from({ length: 200 }, () => newSecret());
  expect(new Set(secrets).size).toBe(200);
  for (const secret of secrets) {
    expect(secret).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(Buffer.from(secret, "base64url")).toHaveLength(24);
  }
  expect(Buffer.from(newSecret(32), "base64url")).toHaveLength(32);
  // Every byte of it is drawn: no place has the same one in all of them.
  const bytes = secrets.map((secret) => Buffer.from(secret, "base64url"));
  for (let at = 0; at < 24; at++) expect(new Set(bytes.map((secret) => secret[at])).size).toBeGreaterThan(50);
});

test("an id says what it is of, sorts by age, and is never given twice", () => {
  const now = Date.UTC(2026, 0, 1);
  const ids = [newId("run", now), newId("run", now + 1), newId("run", now + 40), newId("run", now * 2)];
  expect(ids.toSorted()).toEqual(ids);
  for (const id of ids) expect(id).toMatch(/^run_[0-9a-z]{26}$/);
  expect(new Set(Array.from({ length: 1_000 }, () => newId("evt", now))).size).toBe(1_000);
});
