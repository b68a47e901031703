// Slows down those who guess passwords: per account and address, and per address.

import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Limiter, OpenLimiter } from "../ports/limiter.ts";
import type { SignInLimits } from "./deps.ts";
import { ProblemAnswer } from "./problem.ts";

const USUAL: SignInLimits = { perAccountAndAddress: 5, perAddress: 20, withinSeconds: 15 * 60 };

export interface SignInLimit {
  /** Counts one attempt. Throws a 429 that says when to come again. */
  attempt(email: string, address: string): Promise<void>;
  /** It was the right person: the attempts at this account are forgotten. */
  succeeded(email: string, address: string): Promise<void>;
}

/** Where several processes answer, `openLimiter` counts for all of them. */
export function createSignInLimit(
  limits: Partial<SignInLimits> = {},
  openLimiter: OpenLimiter = openMemoryLimiter,
): SignInLimit {
  const { perAccountAndAddress, perAddress, withinSeconds } = { ...USUAL, ...limits };
  const accounts = openLimiter("sign-in-account", { attempts: perAccountAndAddress, withinSeconds });
  const addresses = openLimiter("sign-in-address", { attempts: perAddress, withinSeconds });
  return {
    async attempt(email, address) {
      await count(addresses, networkOf(address));
      await count(accounts, accountKey(email, address));
    },
    async succeeded(email, address) {
      await accounts.forget(accountKey(email, address));
    },
  };
}

async function count(limiter: Limiter, key: string): Promise<void> {
  const waitMs = await limiter.waitMs(key);
  if (waitMs === 0) return;
  throw new ProblemAnswer(
    429,
    {
      code: "too-many-attempts",
      sentence: "There were too many attempts to sign in.",
      hint: `Try again in ${Math.ceil(waitMs / 60_000)} minutes.`,
    },
    { retryAfterSeconds: waitMs / 1_000 },
  );
}

/** Counts in this process alone. */
const openMemoryLimiter: OpenLimiter = (_, { attempts, withinSeconds }) => {
  const limiter = new RateLimiterMemory({ points: attempts, duration: withinSeconds });
  return {
    async waitMs(key) {
      try {
        await limiter.consume(key);
        return 0;
      } catch (error) {
        if (error instanceof RateLimiterRes) return Math.max(1, error.msBeforeNext);
        throw error;
      }
    },
    async forget(key) {
      await limiter.delete(key);
    },
  };
};

/** Of a fixed length, however long the e-mail address that somebody sends. */
function accountKey(email: string, address: string): string {
  return createHash("sha256")
    .update(`${email}|${networkOf(address)}`)
    .digest("base64url");
}

/** An IPv4 address as it is; of an IPv6 address its first 64 bits, because one customer has all the rest. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [plain = ""] = address.split("%");
  if (!isIPv6(plain)) return plain;
  const [head = "", tail] = plain.split("::");
  const left = head.split(":").filter(Boolean);
  const right = (tail ?? "").split(":").filter(Boolean);
  const words = (right.at(-1) ?? "").includes(".") ? 7 : 8;
  const zeros = tail === undefined ? 0 : Math.max(0, words - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => "0"), ...right].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}
