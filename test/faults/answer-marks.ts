// What holds of every answer of a catch URL whatever is away behind it: it comes, in time, as 2xx or as 503 with when
// to come again.

import type { FaultReport } from "./fault.ts";
import type { Sent } from "./ledger.ts";
import { percentile, queuedMs } from "./measures.ts";

/** A sender that gets no answer for longer may give up. */
const ANSWERED_MS = 5_000;
const LOOK_EVERY_MS = 100;

export interface Starvation {
  /** For how long, in this time, one of the processes wanted a processor and had none: the most of any. */
  within(from: number, to: number): number;
  stop(): void;
}

/** Watches these processes and this one: on a busy machine each waits for its turn, and so do the answers. */
export function watchStarvation(pids: readonly number[]): Starvation {
  const watched = [...pids, process.pid];
  const looks: { at: number; queued: number[] }[] = [];
  const look = () => looks.push({ at: Date.now(), queued: watched.map(queuedMs) });
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    within(from, to) {
      const before = looks.findLast(({ at }) => at <= from) ?? looks[0];
      const after = looks.find(({ at }) => at >= to) ?? looks.at(-1);
      return Math.max(0, ...(after?.queued ?? []).map((ms, i) => ms - (before?.queued[i] ?? 0)));
    },
    stop: () => clearInterval(timer),
  };
}

/** The marks of these tries; the figures' names begin with `name`. Both times are told: with waiting for a processor, and without. */
export function answerMarks(name: string, tries: readonly Sent[], starvation: Starvation): FaultReport {
  const took = tries.map(({ sentAt, at }) => at - sentAt);
  const own = tries.map(({ sentAt, at }) => Math.max(0, at - sentAt - starvation.within(sentAt, at)));
  const taken = tries.filter(({ status }) => status >= 200 && status < 300);
  const busy = tries.filter(({ status }) => status === 503);
  const other = tries.filter(({ status }) => (status < 200 || status > 299) && status !== 503);
  const silent = busy.filter(({ retryAfter }) => !/^[1-9]\d*$/.test(retryAfter ?? ""));
  const slowestOwn = Math.max(0, ...own);
  const missed = [];
  if (taken.length === 0) missed.push(`${name}: no event was taken.`);
  if (other.length > 0)
    missed.push(
      `${name}: ${other.length} tries were answered neither 2xx nor 503, but ${other[0]?.status || other[0]?.error}.`,
    );
  if (silent.length > 0) missed.push(`${name}: ${silent.length} answers 503 do not say when to come again.`);
  if (slowestOwn > ANSWERED_MS)
    missed.push(`${name}: an answer took ${slowestOwn} ms; ${ANSWERED_MS} is the most.`);
  return {
    figures: {
      [`${name}Taken`]: taken.length,
      [`${name}Busy`]: busy.length,
      [`${name}AnsweredP50Ms`]: percentile(took, 0.5),
      [`${name}AnsweredP99Ms`]: percentile(took, 0.99),
      [`${name}SlowestMs`]: Math.max(0, ...took),
      [`${name}SlowestOwnMs`]: slowestOwn,
    },
    missed,
  };
}
