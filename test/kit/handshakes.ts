// What the tests of handshakes ask with.

import type { HandshakeAnswer } from "../../server/verify/handshake.ts";
import type { CaughtRequest } from "../../server/verify/verify.ts";
import type { Verification } from "../../shared/verification.ts";
import { CATCH_URL, caught } from "./caught.ts";

export const NONE: Verification = { kind: "none" };
export const HTML = "<script>alert(1)</script>";
export const LONG = "a".repeat(10 * 1024);

export const get = (query: string): CaughtRequest => caught({ method: "GET", url: `${CATCH_URL}?${query}` });
export const post = (body: unknown, more: Partial<CaughtRequest> = {}): CaughtRequest =>
  caught({ raw: Buffer.from(JSON.stringify(body)), contentType: "application/json", ...more });
/** Whoever answers with text of somebody else says that it is nothing but text. */
export const PLAIN = {
  contentType: "text/plain; charset=utf-8",
  headers: { "X-Content-Type-Options": "nosniff" },
};

export function isAnswer(answer: HandshakeAnswer | "refused" | null): asserts answer is HandshakeAnswer {
  if (answer === null || answer === "refused") throw new Error(`was ${answer}`);
}
