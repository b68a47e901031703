// What a Prometheus can read of this process: one registry, its figures, and nothing that is known only elsewhere.

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { RunStatus } from "../shared/run.ts";

/** Where an event came from; `again` is a run that a person started once more. */
export type EventSource = "webhook" | "schedule" | "manual" | "again";
export type StepOutcome = "done" | "failed" | "retry";
export type RequestOutcome = "ok" | "refused" | "later" | "error";
/** What can go wrong where nobody waits for an answer. */
export type BackgroundTrouble = "job" | "store";

export interface Metrics {
  accepted(source: EventSource): void;
  /** `reason` is a problem's code, or `duplicate`, `asleep`, `unknown`. */
  refused(reason: string): void;
  runEnded(status: RunStatus): void;
  stepEnded(uses: string, outcome: StepOutcome, seconds: number): void;
  commit(writes: number, seconds: number): void;
  /** `status` is `2xx`, `4xx` … or `none` when there was no answer. */
  request(outcome: RequestOutcome, status: string, seconds: number): void;
  trouble(kind: BackgroundTrouble): void;
  /** A run was written by a worker that does not have it any more. */
  writeRefused(): void;
  /** Says where the figures are found that are asked for when somebody looks. */
  follow(sources: MetricSources): void;
  /** Everything, as Prometheus reads it. A source that fails leaves its figures out. */
  text(): Promise<string>;
  contentType: string;
  /** The names of ours and what they say, for the documentation. */
  ours: readonly { name: string; help: string }[];
}

export interface MetricSources {
  runs(): Promise<Record<RunStatus, number>>;
  queue(): Promise<{ waiting: number; oldestDueAt: number | null }>;
  /** Milliseconds since 1970. */
  now(): number;
}

const PREFIX = "flowcatch_";
/** From a millisecond to the minute after which a step is given up. */
const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const COMMIT_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const COMMIT_WRITES = [1, 2, 5, 10, 20, 50, 100, 200, 500];

/** A registry of its own for each call: two servers in one process share nothing. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  let sources: MetricSources | undefined;
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name: PREFIX + name, help, labelNames, registers });
  const histogram = <L extends string>(name: string, help: string, labelNames: L[], buckets: number[]) =>
    new Histogram({ name: PREFIX + name, help, labelNames, buckets, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Gauge({ name: PREFIX + name, help, labelNames, registers });

  const accepted = counter("events_accepted_total", "Events that became a run and are on disk, by source.", [
    "source",
  ]);
  const refused = counter(
    "events_refused_total",
    "Requests to catch URLs that started nothing, by reason: a problem's code, duplicate, asleep or unknown.",
    ["reason"],
  );
  const ended = counter("runs_ended_total", "Runs that ended in this process, by status.", ["status"]);
  const runs = gauge("runs", "Runs in the store, by status.", ["status"]);
  const steps = histogram(
    "step_duration_seconds",
    "Time that attempts of steps took, by what the step uses and what came of it: done, failed or retry.",
    ["uses", "outcome"],
    SECONDS,
  );
  const waiting = gauge(
    "queue_jobs",
    "Jobs in the queue that nobody has in hand, those of later among them.",
    [],
  );
  const late = gauge("queue_oldest_due_seconds", "How long the oldest job has been due; 0 when none is.", []);
  const commitWrites = histogram("commit_writes", "Writes that shared a commit.", [], COMMIT_WRITES);
  const commitSeconds = histogram(
    "commit_seconds",
    "Time that a commit took with its writes and the fsync.",
    [],
    COMMIT_SECONDS,
  );
  const requests = counter(
    "outbound_requests_total",
    "HTTP requests that flows sent, by outcome (ok, refused, later, error) and class of status (none without an answer).",
    ["outcome", "status"],
  );
  const requestSeconds = histogram(
    "outbound_request_seconds",
    "Time that HTTP requests of flows took, redirects included, by outcome.",
    ["outcome"],
    SECONDS,
  );
  const troubles = counter(
    "background_problems_total",
    "What went wrong where nobody waits for an answer: job (it is tried again), store (a write was not taken).",
    ["kind"],
  );
  const refusedWrites = counter(
    "writes_refused_total",
    "Writes to a run that were refused, because another worker has taken it over or it has ended.",
    [],
  );

  // With nothing counted yet they are 0 and not absent, so that a rate is right from the first event on.
  for (const kind of ["job", "store"]) troubles.inc({ kind }, 0);
  for (const source of ["webhook", "schedule"]) accepted.inc({ source }, 0);
  for (const status of ["succeeded", "failed", "canceled"]) ended.inc({ status }, 0);

  const acceptedOf = once((source: string) => accepted.labels(source));
  const refusedOf = once((reason: string) => refused.labels(reason));
  const endedOf = once((status: string) => ended.labels(status));
  const stepOf = once((uses: string) => once((outcome: string) => steps.labels(uses, outcome)));
  const requestOf = once((outcome: string) => once((status: string) => requests.labels(outcome, status)));
  const requestTimeOf = once((outcome: string) => requestSeconds.labels(outcome));

  async function look({ runs: count, queue, now }: MetricSources): Promise<void> {
    const [counted, depth] = await Promise.allSettled([count(), queue()]);
    runs.reset();
    waiting.remove();
    late.remove();
    if (counted.status === "fulfilled") {
      for (const status of RunStatus.options) runs.set({ status }, counted.value[status]);
    }
    if (depth.status === "fulfilled") {
      const { oldestDueAt } = depth.value;
      waiting.set(depth.value.waiting);
      late.set(oldestDueAt === null ? 0 : Math.max(0, (now() - oldestDueAt) / 1_000));
    }
  }

  return {
    accepted: (source) => acceptedOf(source).inc(),
    refused: (reason) => refusedOf(reason).inc(),
    runEnded: (status) => endedOf(status).inc(),
    stepEnded: (uses, outcome, seconds) => stepOf(uses)(outcome).observe(seconds),
    commit(writes, seconds) {
      commitWrites.observe(writes);
      commitSeconds.observe(seconds);
    },
    request(outcome, status, seconds) {
      requestOf(outcome)(status).inc();
      requestTimeOf(outcome).observe(seconds);
    },
    trouble: (kind) => troubles.inc({ kind }),
    writeRefused: () => refusedWrites.inc(),
    follow(given) {
      sources = given;
    },
    async text() {
      if (sources) await look(sources);
      return registry.metrics();
    },
    contentType: registry.contentType,
    ours: registry
      .getMetricsAsArray()
      .map(({ name, help }) => ({ name, help }))
      .filter(({ name }) => name.startsWith(PREFIX)),
  };
}

/** Finds what belongs to a text by making it the first time. The texts are few: no label holds what a sender chose. */
function once<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const made = make(text);
    known.set(text, made);
    return made;
  };
}
