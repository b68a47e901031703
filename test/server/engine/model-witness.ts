// Stands between every life of the process and the store and world, and writes down each broken promise.
//
// It knows of a run only what went by: the fence it came to, what was recorded of it, what was sent for it.

import type { Http, HttpRequest } from "../../../server/ports/http.ts";
import type { RunChange } from "../../../server/ports/store.ts";
import { isFinal, type StepRun } from "../../../shared/run.ts";
import type { Calls } from "../../kit/engine.ts";

/** What the other side does: answers, is busy (503), knows nothing (404), never answers, loses the connection, is slow. */
export type Mood = "ok" | "busy" | "gone" | "hang" | "lost" | "slow";

/** Moods after which the same attempt may be made again without anybody having died. */
const PASSING: Mood[] = ["busy", "hang", "lost"];

/** For so long a holder may take a run for its own that was taken away; what it repeats until then is late. */
const LEARNS_MS = 1_000;

interface Sent {
  life: number;
  mood: Mood;
  /** How often a process had been cut off, or a person had asked for a repetition, when it was sent. */
  interruptions: number;
  repeats: number;
  /** By a holder whose run had been taken away, which it could not know. */
  late: boolean;
}

export interface Witness {
  /** Sentences, one for each broken promise. */
  broken: string[];
  /** By idempotency key. */
  sent: Map<string, Sent[]>;
  /** How often a process died, or stood still so that another one went on. */
  interruptions: number;
  /** How many writes were refused because somebody else had the run. */
  fenced: number;
  /** How often a person said “repeat”, by idempotency key. */
  repeats: Map<string, number>;
  watch(calls: Calls, life: number): Calls;
  /** From now on the life may do what it was about to, though its runs were taken away. */
  stoodStill(life: number): void;
}

export interface WitnessOptions {
  now(): number;
  /** What the world is about to do with a request for a step. */
  moodFor(stepId: string): Mood;
  /** Must the step not be repeated unasked? */
  asks(stepId: string): boolean;
  /** Has that life of the process ended by now? Others may go on beside it, and take its runs over. */
  hasDied(life: number): boolean;
}

export function createWitness({ now: time, moodFor, asks, hasDied }: WitnessOptions): Witness {
  const fences = new Map<string, number>();
  const holds = new Map<string, number>();
  const takenAway = new Map<string, number>();
  const ended = new Map<string, string>();
  const settled = new Map<string, string>();
  const marked = new Map<string, number>();
  const markedSent = new Set<string>();
  const still = new Set<number>();

  const witness: Witness = {
    broken: [],
    sent: new Map(),
    interruptions: 0,
    fenced: 0,
    repeats: new Map(),
    watch: (calls, life) => ({ runs: watchRuns(calls.runs, life), http: watchHttp(calls.http, life) }),
    stoodStill: (life) => still.add(life),
  };
  const { broken } = witness;

  function watchRuns(runs: Calls["runs"], life: number): Calls["runs"] {
    return {
      ...runs,
      async accept(run) {
        const result = await runs.accept(run);
        if (result.kind === "accepted") taken(run.id, run.fence, life);
        return result;
      },
      async claim(id, now, until) {
        const before = fences.get(id) ?? 0;
        const claim = await runs.claim(id, now, until);
        if (!claim) return claim;
        if (claim.run.fence <= before) broken.push(`the claim of ${id} did not raise its fence`);
        if (ended.has(id)) broken.push(`${id} was claimed though it had ended`);
        taken(id, claim.run.fence, life);
        return claim;
      },
      async record(id, fence, change) {
        const before = fences.get(id) ?? 0;
        const endedBefore = ended.get(id);
        const result = await runs.record(id, fence, change);
        if (result === "fenced") {
          witness.fenced++;
          return result;
        }
        if (fence < before)
          broken.push(`${id} took a write with fence ${fence} when it had come to ${before}`);
        if (endedBefore) broken.push(`${id} took a write though it had ${endedBefore}`);
        written(id, change);
        return result;
      },
      async move(id, from, change, ifFence) {
        const endedBefore = ended.get(id);
        const won = await runs.move(id, from, change, ifFence);
        if (!won) return won;
        if (endedBefore) broken.push(`${id} was moved though it had ${endedBefore}`);
        fences.set(id, (fences.get(id) ?? 0) + 1);
        takenAway.set(id, time());
        written(id, change);
        return won;
      },
    };
  }

  function taken(id: string, fence: number, life: number): void {
    fences.set(id, fence);
    holds.set(`${life} ${id}`, fence);
  }

  function written(id: string, { run, steps = [] }: RunChange): void {
    for (const step of steps) {
      const at = `${id}:${step.path}`;
      const now = essence(step);
      const before = settled.get(at);
      if (before !== undefined && before !== now) broken.push(`${at} was ${before}, then ${now}`);
      if (["done", "failed", "skipped"].includes(step.status)) settled.set(at, now);
      if (step.status === "running") marked.set(at, step.attempt);
    }
    if (run?.status && isFinal(run.status)) ended.set(id, run.status);
  }

  function watchHttp(http: Http, life: number): Http {
    return {
      send(request) {
        sending(request, life);
        return http.send(request);
      },
    };
  }

  function sending(request: HttpRequest, life: number): void {
    const key = request.headers?.["idempotency-key"] ?? "";
    const cut = key.indexOf(":");
    const [id, path] = [key.slice(0, cut), key.slice(cut + 1)];
    const stepId = path.slice(path.lastIndexOf("/") + 1);
    if (!new URL(request.url).pathname.startsWith(`/${stepId}/`))
      broken.push(`${request.url} went out with the key ${key}`);
    const late = holds.get(`${life} ${id}`) !== fences.get(id);
    const before = witness.sent.get(key) ?? [];
    const now: Sent = {
      life,
      mood: moodFor(stepId),
      interruptions: witness.interruptions,
      repeats: witness.repeats.get(key) ?? 0,
      late,
    };
    witness.sent.set(key, [...before, now]);
    if (late && !still.has(life) && !(before.length > 0 && time() <= (takenAway.get(id) ?? 0) + LEARNS_MS))
      broken.push(`${key} was sent by life ${life}, whose run had been taken away`);
    if (!late && settled.has(key)) broken.push(`${key} was sent though it was recorded: ${settled.get(key)}`);
    if (!late && ended.has(id)) broken.push(`${key} was sent though the run had ${ended.get(id)}`);
    if (asks(stepId)) askedFirst(key, late);
    const last = before.at(-1);
    if (last && !late && !mayFollow(last, now, { asks: asks(stepId), died: hasDied(last.life) }))
      broken.push(`${key} was sent again after: ${last.mood}`);
  }

  /** A step that must not be repeated unasked is sent once for each mark. */
  function askedFirst(key: string, late: boolean): void {
    const attempt = marked.get(key);
    if (attempt === undefined) broken.push(`${key} was sent without a mark`);
    if (late) return;
    if (markedSent.has(`${key} ${attempt}`)) broken.push(`attempt ${attempt} of ${key} was sent twice`);
    markedSent.add(`${key} ${attempt}`);
  }

  return witness;
}

function mayFollow(last: Sent, now: Sent, { asks, died }: { asks: boolean; died: boolean }): boolean {
  if (now.repeats > last.repeats) return true;
  if (asks) return last.mood === "busy";
  return PASSING.includes(last.mood) || died || now.interruptions > last.interruptions || last.late;
}

/** What must not change once it is recorded. */
function essence({ status, output, port, attempt }: StepRun): string {
  return JSON.stringify({ status, output, port, attempt });
}
