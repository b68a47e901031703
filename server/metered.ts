// Wraps the ports so that what goes through them is counted: the engine knows nothing of figures.

import type { Received } from "../shared/delivery.ts";
import { stepsOf } from "../shared/graph.ts";
import { Refused, TryLater } from "../shared/problem.ts";
import { isFinal, type Run, type RunStatus, type StepRun, splitPath } from "../shared/run.ts";
import type { EventSource, Metrics } from "./metrics.ts";
import type { MinuteStats } from "./minute-stats.ts";
import type { Http } from "./ports/http.ts";
import type { Queue } from "./ports/queue.ts";
import { type RunChange, type Store, StoreUnavailable } from "./ports/store.ts";

export interface Meters {
  metrics: Metrics;
  minutes: Pick<MinuteStats, "count">;
}

/** As many versions as the engine keeps shapes of, and some. */
const MOST_VERSIONS = 2_000;

/** What the meters have to know of a run in hand. */
type InHand = Pick<Run, "createdAt" | "versionId">;

/**
 * The store, counting runs that were accepted and ended, and steps. A run's steps are told apart by its version, which
 * whoever carries it on has asked for before.
 */
export function meteredStore(store: Store, { metrics, minutes }: Meters): Store {
  const inHand = new Map<string, InHand>();
  /** By version, what each of its steps uses. */
  const usedBy = new Map<string, Map<string, string>>();

  async function watched<T>(write: Promise<T>): Promise<T> {
    try {
      return await write;
    } catch (error) {
      if (error instanceof StoreUnavailable) metrics.trouble("store");
      throw error;
    }
  }

  function hold({ id, createdAt, versionId }: Run): void {
    inHand.set(id, { createdAt, versionId });
  }

  function ended(status: RunStatus, run: InHand | undefined, finishedAt: number | null | undefined): void {
    metrics.runEnded(status);
    if (status === "succeeded" || status === "failed" || status === "canceled") minutes.count(status);
    if (!run || typeof finishedAt !== "number") return;
    minutes.count("timed");
    minutes.count("runMs", Math.max(0, finishedAt - run.createdAt));
  }

  function recorded(id: string, { run: change, steps = [] }: RunChange): void {
    const run = inHand.get(id);
    const uses = run && usedBy.get(run.versionId);
    for (const step of steps) attempted(step, uses?.get(splitPath(step.path).stepId) ?? "unknown");
    const status = change?.status;
    if (status === undefined || status === "running") return;
    inHand.delete(id);
    if (isFinal(status)) ended(status, run, change?.finishedAt);
  }

  function attempted(step: StepRun, uses: string): void {
    const { status, startedAt, finishedAt } = step;
    if (status === "done" || status === "failed") {
      minutes.count("steps");
      if (startedAt !== null && finishedAt !== null) {
        metrics.stepEnded(uses, status, seconds(startedAt, finishedAt));
      }
      return;
    }
    const last = step.attempts.at(-1);
    if (status === "waiting" && step.problem && last?.attempt === step.attempt && last.finishedAt !== null) {
      metrics.stepEnded(uses, "retry", seconds(last.startedAt, last.finishedAt));
    }
  }

  return {
    ...store,
    runs: {
      ...store.runs,
      async accept(run) {
        const result = await watched(store.runs.accept(run));
        if (result.kind === "duplicate") return result;
        if (run.status === "running") hold(run);
        metrics.accepted(sourceOf(run));
        minutes.count("accepted");
        return result;
      },
      async claim(id, now, until) {
        const claim = await watched(store.runs.claim(id, now, until));
        if (claim) hold(claim.run);
        return claim;
      },
      async record(id, fence, change) {
        const result = await watched(store.runs.record(id, fence, change));
        if (result === "saved") recorded(id, change);
        else {
          inHand.delete(id);
          metrics.writeRefused();
        }
        return result;
      },
      async renew(held, until) {
        const lost = await store.runs.renew(held, until);
        for (const id of lost) inHand.delete(id);
        return lost;
      },
      async move(id, from, change, ifFence) {
        const moved = await watched(store.runs.move(id, from, change, ifFence));
        const status = change.run?.status;
        if (moved && status !== undefined && isFinal(status)) ended(status, undefined, undefined);
        return moved;
      },
    },
    versions: {
      ...store.versions,
      async get(id) {
        const version = await store.versions.get(id);
        if (!version) return version;
        usedBy.delete(id);
        usedBy.set(id, new Map(stepsOf(version.graph).map((step) => [step.id, step.uses])));
        const oldest = usedBy.size > MOST_VERSIONS ? usedBy.keys().next().value : undefined;
        if (oldest !== undefined) usedBy.delete(oldest);
        return version;
      },
    },
  };
}

/** The queue, counting the jobs that have to be done again. */
export function meteredQueue(queue: Queue, { metrics }: Meters): Queue {
  return {
    ...queue,
    work(kinds, handler, options) {
      const counted: typeof handler = async (job) => {
        try {
          await handler(job);
        } catch (error) {
          metrics.trouble("job");
          throw error;
        }
      };
      queue.work(kinds, counted, options);
    },
  };
}

/** The outbound door, counting and timing what goes out: never to whom, those names have no end. */
export function meteredHttp(http: Http, { metrics }: Meters): Http {
  return {
    async send(request) {
      const began = performance.now();
      const took = () => (performance.now() - began) / 1_000;
      try {
        const answer = await http.send(request);
        metrics.request("ok", classOf(answer.status), took());
        return answer;
      } catch (error) {
        metrics.request(outcomeOf(error), statusOf(error), took());
        throw error;
      }
    },
  };
}

/** Counts the requests that started nothing; accepted ones are counted where they are stored. */
export function receivedMeter({ metrics, minutes }: Meters): (received: Received) => void {
  return (received) => {
    switch (received.kind) {
      case "accepted":
        return;
      case "duplicate":
      case "handshake":
      case "filtered":
      case "asleep":
        return metrics.refused(received.kind);
      case "unknown":
        metrics.refused("unknown");
        return minutes.count("refused");
      case "refused":
      case "busy":
        metrics.refused(received.problem.code);
        return minutes.count("refused");
    }
  };
}

function sourceOf({ event, replayOf }: Run): EventSource {
  return replayOf === null ? event.kind : "again";
}

function seconds(from: number, to: number): number {
  return Math.max(0, to - from) / 1_000;
}

function outcomeOf(error: unknown): "refused" | "later" | "error" {
  if (error instanceof TryLater) return "later";
  return error instanceof Refused ? "refused" : "error";
}

/** `4xx` of what was thrown because of an answer; `none` when there was no answer. */
function statusOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const status = typeof cause === "object" && cause !== null && "status" in cause ? cause.status : undefined;
  return typeof status === "number" ? classOf(status) : "none";
}

function classOf(status: number): string {
  return `${Math.floor(status / 100)}xx`;
}
