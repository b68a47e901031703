// The operator's proof opens one thing, once, for half a minute, and only with the right key.

import crypto from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import { checkLocalProof, localKeyFrom, makeLocalProof } from "../../server/local-proof.ts";

const KEY = localKeyFrom("the text of the encryption key");
const NOW = Date.UTC(2026, 0, 1);

// The one thing that no answer shows: how long it took to say no.
vi.mock("node:crypto", { spy: true });
afterEach(() => vi.clearAllMocks());

test("a proof is good once, however often it is shown", () => {
  const proof = makeLocalProof(KEY, NOW);
  expect(checkLocalProof(KEY, proof, NOW + 1)).toBe(true);
  expect(checkLocalProof(KEY, proof, NOW + 2)).toBe(false);
  expect(checkLocalProof(KEY, makeLocalProof(KEY, NOW), NOW + 3)).toBe(true);
});

test("a proof is good for half a minute", () => {
  expect(checkLocalProof(KEY, makeLocalProof(KEY, NOW), NOW + 29_999)).toBe(true);
  expect(checkLocalProof(KEY, makeLocalProof(KEY, NOW), NOW + 30_000)).toBe(false);
  expect(checkLocalProof(KEY, makeLocalProof(KEY, NOW + 1), NOW)).toBe(false);
});

test("a proof made with another key, or changed anywhere, is none", () => {
  expect(checkLocalProof(KEY, makeLocalProof(localKeyFrom("another key"), NOW), NOW)).toBe(false);
  const proof = makeLocalProof(KEY, NOW);
  const [expires = "", nonce = "", signature = ""] = proof.split(".");
  const other = (text: string) => (text.startsWith("A") ? "B" : "A") + text.slice(1);
  for (const wrong of [
    `${Number(expires) - 1}.${nonce}.${signature}`,
    `${expires}.${other(nonce)}.${signature}`,
    `${expires}.${nonce}.${other(signature)}`,
    `${expires}.${nonce}.${signature.slice(1)}`,
    `${expires}.${nonce}.`,
    "",
  ]) {
    expect([wrong, checkLocalProof(KEY, wrong, NOW)]).toEqual([wrong, false]);
  }
  expect(checkLocalProof(KEY, proof, NOW)).toBe(true);
});

test("a wrong signature is compared in the same time wherever it is wrong", () => {
  const proof = makeLocalProof(KEY, NOW);
  const wrong = makeLocalProof(localKeyFrom("another key"), NOW);
  expect([checkLocalProof(KEY, proof, NOW), checkLocalProof(KEY, wrong, NOW)]).toEqual([true, false]);
  expect(crypto.timingSafeEqual).toHaveBeenCalledTimes(2);
});
