// The one way in which a run comes into being: in its lines, on disk, and on its way.

import type { Event } from "../../shared/event.ts";
import { newId } from "../../shared/id.ts";
import { type Problem, TryLater } from "../../shared/problem.ts";
import type { Run } from "../../shared/run.ts";
import type { CaughtFlow } from "../ports/store.ts";
import type { Backlog } from "./backlog.ts";
import type { EngineDeps } from "./deps.ts";
import type { FreeHand, FreeHands } from "./hands.ts";
import { isCalled, joinLines, leaveLines, whyLineFull } from "./lines.ts";
import { newRun } from "./new-run.ts";
import { moved, pushAdvance } from "./push.ts";

export interface BeginDeps extends EngineDeps {
  /** Where runs are carried on in this very process. */
  freeHands?: FreeHands;
  /** Without one the queue may grow for ever. */
  backlog?: Backlog;
}

export interface Beginning {
  flow: Pick<CaughtFlow, "id" | "workspaceId">;
  versionId: string;
  event: Event;
  /** The lines to stand in. */
  lines?: string[];
  /** What tells duplicates; without one it has none. */
  dedupeKey?: string | null;
  /** What came before longer ago than this is no duplicate. */
  dedupeMs?: number;
  replayOf?: string;
  /** What its steps see of the event: then it may be carried on here and now. */
  data?: unknown;
  /** True once nobody wants it any more. */
  isLate?: () => boolean;
}

export type Begun =
  | { kind: "accepted"; run: Run }
  | { kind: "duplicate"; of: { runId: string; at: number } }
  /** Nothing was stored. `late`: as `isLate` said. */
  | { kind: "full"; problem: Problem }
  | { kind: "late" };

/**
 * Makes the run, and sees to it that it goes on: when the promise resolves to `accepted`, it is on disk and will run.
 * Throws StoreUnavailable.
 */
export async function beginRun(deps: BeginDeps, beginning: Beginning): Promise<Begun> {
  const { flow, event, lines = [], data } = beginning;
  const id = newId("run", deps.clock.now());
  const full = await whyLineFull(deps, lines);
  if (full) return { kind: "full", problem: full };
  let hand: FreeHand | null = null;
  let accepted = false;
  try {
    // In line first and on disk second: its place is that of its arrival, and whoever leaves knows who is next.
    const called = await isCalled(deps, { id, lines });
    const bytes = event.kind === "webhook" ? event.raw.byteLength : 0;
    if (called && data !== undefined) hand = (await deps.freeHands?.reserve(flow.id, bytes)) ?? null;
    const why = called && !hand ? await deps.backlog?.whyFull() : null;
    if (why) return { kind: "full", problem: why };
    if (beginning.isLate?.()) return { kind: "late" };
    const standing = hand ? "in hand" : called ? "queued" : "in line";
    const run = newRun({ ...beginning, id, lines, standing }, deps.clock.now());
    const result = await acceptOnce(deps, run, beginning.dedupeMs ?? Number.POSITIVE_INFINITY);
    if (result.kind === "duplicate") return result;
    accepted = true;
    // It is safe from here on; its job is only a hint, so nobody waits for it.
    if (hand) hand.begin(run, data);
    else if (standing === "queued") void pushAdvance(deps, run.id, "0", run.createdAt);
    // It may have been called before it could be found on disk.
    else await joinLines(deps, run);
    moved(deps, run);
    return { kind: "accepted", run };
  } finally {
    if (!accepted) {
      hand?.letGo();
      await leaveLines(deps, { id, lines });
    }
  }
}

/**
 * What came before longer ago than the window is no duplicate. The key of what comes after it names it: so two that
 * come at the same time still are one.
 */
async function acceptOnce({ store }: BeginDeps, run: Run, windowMs: number) {
  for (;;) {
    const result = await store.runs.accept(run);
    if (result.kind === "accepted" || run.createdAt - result.of.at <= windowMs) return result;
    run.dedupeKey = `${run.dedupeKey}\n${result.of.runId}`;
  }
}

/** The same for what a person starts, and no sender waits for. Throws TryLater when there is no room for it. */
export async function startNow(
  deps: EngineDeps,
  beginning: Omit<Beginning, "dedupeKey" | "isLate">,
): Promise<{ kind: "accepted"; runId: string }> {
  const begun = await beginRun(deps, beginning);
  if (begun.kind === "accepted") return { kind: "accepted", runId: begun.run.id };
  if (begun.kind === "full") throw new TryLater(begun.problem);
  throw new Error(`A run without a key of its own was ${begun.kind}.`);
}
