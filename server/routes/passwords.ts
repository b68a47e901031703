// Hashes and checks passwords with argon2id, few at a time: each hash takes 19 MB and some 70 ms.

import { hash, verify } from "@node-rs/argon2";
import { ProblemAnswer } from "./problem.ts";

/** What OWASP names for argon2id. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const AT_A_TIME = 2;
const MOST_WAITING = 30;

/** Of no password in use: checked when there is no such account, so that both answers take equally long. */
const NOBODY =
  "$argon2id$v=19$m=19456,t=2,p=1$kHW40iia0MgBNWakd7OXkA$2RkJzMA793ShU7M4BbYURZFpK8KKYRIl10032l002UY";

/** PHC text to store. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, COST));
}

/** With `null` for an unknown account it takes as long and gives false. */
export async function checkPassword(password: string, passwordHash: string | null): Promise<boolean> {
  const right = await inTurn(() => verify(passwordHash ?? NOBODY, password));
  return right && passwordHash !== null;
}

let working = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (working >= AT_A_TIME) {
    if (waiting.length >= MOST_WAITING) throw TOO_BUSY;
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else working++;
  try {
    return await work();
  } finally {
    // the place is handed on, or given back
    const next = waiting.shift();
    if (next) next();
    else working--;
  }
}

const TOO_BUSY = new ProblemAnswer(
  503,
  { code: "busy", sentence: "Too many people sign in at this moment.", hint: "Try again in a few seconds." },
  { retryAfterSeconds: 5 },
);
