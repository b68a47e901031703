// What we need from a database. Every method is atomic by itself; there are no transactions across methods.
//
// A promise that resolves means: on disk. Objects that come out are the caller's own; objects that go in are not kept.

import type { Session, Token, User } from "../../shared/account.ts";
import type { CatchSettings } from "../../shared/catching.ts";
import type { Connection } from "../../shared/connection.ts";
import type { Delivery, Sample, Verdict } from "../../shared/delivery.ts";
import type { Flow, Version } from "../../shared/flow.ts";
import { TryLater } from "../../shared/problem.ts";
import type { Run, RunStatus, StepRun } from "../../shared/run.ts";

export interface Store {
  runs: RunStore;
  flows: FlowStore;
  versions: VersionStore;
  samples: SampleStore;
  deliveries: DeliveryStore;
  lines: LineStore;
  connections: ConnectionStore;
  accounts: AccountStore;
  stats: StatStore;
  /** Rejects when the database cannot be written. */
  check(): Promise<void>;
  /** Waits for what is under way. Using the store after that is a defect. */
  close(): Promise<void>;
}

export interface RunStore {
  /**
   * The one insert that accepting is. `(flowId, dedupeKey)` is unique: a second one is told of the first. A run whose
   * key is its own id has none, and only its id is unique.
   */
  accept(run: Run): Promise<{ kind: "accepted" } | { kind: "duplicate"; of: { runId: string; at: number } }>;
  get(id: string): Promise<Run | null>;
  /** Everything the run's steps have recorded, in order of first recording. */
  steps(id: string): Promise<StepRun[]>;
  /** Newest first. Events and step data are left out of the rows. */
  list(query: RunQuery): Promise<Page<RunRow>>;
  /**
   * Takes the run in hand: fence + 1, status `running`, `leaseUntil = until`, `startedAt` kept or set to `now`.
   * Null when the run does not exist, has ended, is `asking`, or somebody else's lease holds (`leaseUntil > now`).
   * `clean` is false when the last holder never let go: its steps may have been cut off.
   */
  claim(id: string, now: number, until: number): Promise<Claim | null>;
  /**
   * Writes the steps (by path: insert or replace) and the patch, together, if the run's fence is still `fence` and
   * the run has not ended; else nothing is written and the answer is "fenced".
   */
  record(id: string, fence: number, change: RunChange): Promise<"saved" | "fenced">;
  /** Pushes out the lease of the runs whose fence still is the given one; gives the ids of those whose fence is not. */
  renew(held: { id: string; fence: number }[], until: number): Promise<string[]>;
  /**
   * Compare-and-set by status, for what is not the holder's business (cancel, answer a question): fence + 1, so that
   * a holder's later writes are refused, and `leaseUntil` null. False when the status is none of `from`, or the fence
   * is not `ifFence`, where that is given: then nothing is written.
   */
  move(id: string, from: RunStatus[], change: RunChange, ifFence?: number): Promise<boolean>;
  /**
   * Ids of runs that nobody has in hand though they have something to do: queued since before `before`, waiting with
   * a `wakeAt` before `before`, or running with a lease that ended before `before`. Oldest first.
   */
  overdue(before: number, limit: number): Promise<string[]>;
  /** Deletes ended runs (and their steps) that were created before `before`, at most `limit`; gives how many. */
  prune(before: number, limit: number): Promise<number>;
  /** The events of the flow's newest runs, newest first. */
  recentEvents(flowId: string, limit: number): Promise<{ runId: string; event: Run["event"] }[]>;
  /** How many runs are queued, counting no further than `most`. Asked every second under load: it must be cheap. */
  backlog(most: number): Promise<number>;
  /** How many runs are in each status. */
  count(flowId?: string): Promise<Record<RunStatus, number>>;
  /** The run of one of these statuses that was created first; null when there is none. */
  oldest(workspaceId: string, status: RunStatus[]): Promise<Pick<Run, "id" | "flowId" | "createdAt"> | null>;
  /**
   * About how many bytes the runs of each flow take: the newest 50 are measured (their events and steps), and stand
   * for the others. Flows without runs are left out, and those that were deleted while their runs still are there.
   */
  sizes(): Promise<{ flowId: string; runs: number; bytes: number }[]>;
}

export interface Claim {
  run: Run;
  steps: StepRun[];
  clean: boolean;
}

export interface RunChange {
  steps?: StepRun[];
  /** A `status` other than `running` lets go of the run (`leaseUntil` null). */
  run?: Partial<Pick<Run, "status" | "finishedAt" | "wakeAt" | "problem" | "response">>;
}

export type RunRow = Omit<Run, "event" | "response"> & {
  /** The start of the event as one line of text, for the list. */
  summary: string;
};

export interface RunQuery {
  workspaceId: string;
  flowId?: string;
  status?: RunStatus[];
  /** Created at or after / before, milliseconds since 1970. */
  from?: number;
  to?: number;
  /**
   * Part of the event's text (case-insensitive for ASCII), or a run's id. The text is the first 2 KB of the body, as it
   * was sent. A search may end a page early, even an empty one, and still have a next.
   */
  text?: string;
  cursor?: string;
  /** 1 to 200. */
  limit: number;
}

export interface Page<T> {
  items: T[];
  /** Give it back as `cursor` for the next page; null at the end. A cursor that was not given is `Refused`. */
  next: string | null;
}

/** `catching` is null while nobody has changed how the flow catches. The same object as long as nothing changed. */
export type CaughtFlow = Pick<Flow, "id" | "workspaceId" | "status" | "liveVersionId"> & {
  catching: StoredCatching | null;
};

/** How a flow catches: settings, and the JSON of its `CatchSecrets`, sealed (null: none). */
export interface StoredCatching {
  settings: CatchSettings;
  sealed: string | null;
}

export interface FlowStore {
  insert(flow: Flow): Promise<void>;
  get(id: string): Promise<Flow | null>;
  /** What intake needs of a flow, and no more: this is asked for every webhook. */
  byCatchKey(key: string): Promise<CaughtFlow | null>;
  list(workspaceId: string): Promise<Flow[]>;
  /**
   * Writes name, draft, revision and time of the flow if its revision still is `ifRevision`; the given flow carries the
   * next one. What publishing and pausing say of the flow stays as it is: that is not the editor's business.
   */
  save(
    flow: Pick<Flow, "id" | "name" | "draft" | "revision" | "updatedAt">,
    ifRevision: number,
  ): Promise<"saved" | "stale">;
  /** Changes what is not the draft; the revision stays. False when the flow does not exist. */
  patch(
    id: string,
    change: Partial<Pick<Flow, "name" | "status" | "liveVersionId" | "catchKey" | "updatedAt">>,
  ): Promise<boolean>;
  /** Null when the flow does not exist, or still has what a new one has. */
  catching(id: string): Promise<StoredCatching | null>;
  /** False when the flow does not exist. */
  setCatching(id: string, catching: StoredCatching, updatedAt: number): Promise<boolean>;
  /** With its versions, samples, deliveries, runs. */
  remove(id: string): Promise<boolean>;
  /** Every flow of every workspace with this status, for the sweep. */
  withStatus(status: Flow["status"]): Promise<Flow[]>;
}

export interface VersionStore {
  /** Written once. "taken" when the flow already has a version of that number. */
  insert(version: Version): Promise<"saved" | "taken">;
  get(id: string): Promise<Version | null>;
  /** Newest first. */
  list(flowId: string): Promise<Version[]>;
}

export interface SampleStore {
  /** Adds it and drops the oldest of those that are not pinned beyond `keep`. */
  insert(sample: Sample, keep: number): Promise<void>;
  /** "full" when `most` samples of its flow are pinned already. Letting go drops nothing: the next insert may. */
  pin(id: string, pinned: boolean, most: number): Promise<"saved" | "full" | "missing">;
  get(id: string): Promise<Sample | null>;
  /** Newest first. */
  list(flowId: string): Promise<Sample[]>;
  remove(id: string): Promise<boolean>;
}

/** The requests that reached catch URLs: those that became no run, and with them in the list those that did. */
export interface DeliveryStore {
  /**
   * Adds it and drops the oldest of its flow with the same kind of verdict (refused, or any other) beyond `keep`: where
   * several processes share the database, some at a time, once there are a fiftieth too many.
   */
  insert(delivery: Delivery, keep: number): Promise<void>;
  /** Not of one that was accepted: that is a run. */
  get(id: string): Promise<Delivery | null>;
  /**
   * Newest first: the deliveries and the runs that came by a catch URL (no replays), by time and then by id. Among many
   * runs that came otherwise a page may end early, even an empty one, and still have a next.
   */
  list(query: DeliveryQuery): Promise<Page<DeliveryRow>>;
  /** Deletes those that came before `before`, at most `limit`; gives how many. */
  prune(before: number, limit: number): Promise<number>;
}

export interface DeliveryQuery {
  workspaceId: string;
  flowId?: string;
  verdict?: Verdict[];
  /** Came at or after / before, milliseconds since 1970. */
  from?: number;
  to?: number;
  /** As in `RunQuery`. */
  text?: string;
  cursor?: string;
  /** 1 to 200. */
  limit: number;
}

/** Of an accepted one `id` and `runId` are the run's, and `run` says how it stands. */
export type DeliveryRow = Omit<Delivery, "verdict" | "request" | "raw" | "from"> & {
  verdict: Verdict;
  method: string;
  contentType: string;
  /** The start of the body as one line of text. */
  summary: string;
  run: RunStatus | null;
};

/**
 * Lines in which runs stand behind each other, in order of arrival. A line that nobody stands in is not there. The
 * names are the engine's.
 */
export interface LineStore {
  /** Puts the run at the end unless it stands there; gives how many stand before it. */
  join(line: string, runId: string): Promise<number>;
  /** The first `limit` that stand there, first one first. */
  first(line: string, limit: number): Promise<string[]>;
  /** How many stand there, counting no further than `most`. */
  length(line: string, most: number): Promise<number>;
  /**
   * Takes it out, in one step with finding who thereby became one of the first `atOnce`: gives that run; null when nobody
   * did (the line is short, or who left stood further back, or not there at all).
   */
  leave(line: string, runId: string, atOnce: number): Promise<string | null>;
  /** Lines that somebody stands in, by name, after `after` (""), at most `limit`. */
  list(after: string, limit: number): Promise<string[]>;
}

export interface ConnectionStore {
  insert(connection: Connection): Promise<void>;
  get(id: string): Promise<Connection | null>;
  list(workspaceId: string): Promise<Connection[]>;
  save(connection: Connection): Promise<boolean>;
  remove(id: string): Promise<boolean>;
}

export interface AccountStore {
  /** The first user of the installation, and only the first: "taken" when there is one already. */
  insertFirstUser(user: User): Promise<"saved" | "taken">;
  userCount(): Promise<number>;
  userByEmail(email: string): Promise<User | null>;
  userById(id: string): Promise<User | null>;
  insertSession(session: Session): Promise<void>;
  session(hash: string): Promise<Session | null>;
  touchSession(hash: string, lastSeenAt: number): Promise<void>;
  removeSession(hash: string): Promise<void>;
  /** Ended ones. */
  pruneSessions(now: number): Promise<number>;
  insertToken(token: Token): Promise<void>;
  tokenByHash(hash: string): Promise<Token | null>;
  tokens(workspaceId: string): Promise<Token[]>;
  touchToken(id: string, lastUsedAt: number): Promise<void>;
  removeToken(id: string): Promise<boolean>;
  /** A small value of the installation by name, such as the check value of the encryption key; set once. */
  setting(name: string): Promise<string | null>;
  setSettingOnce(name: string, value: string): Promise<string>;
}

/** What happened in one minute, in all processes together. */
export interface MinuteCounts {
  /** Events that became runs. */
  accepted: number;
  /** Requests to catch URLs of which nothing was kept. */
  refused: number;
  succeeded: number;
  failed: number;
  canceled: number;
  /** Steps that were done or failed. */
  steps: number;
  /** Runs of which it is known how long they took from accepting to their end, and their sum in milliseconds. */
  timed: number;
  runMs: number;
}

/** `minute` counts minutes since 1970. */
export type MinuteRow = MinuteCounts & { minute: number };

export interface StatStore {
  /** Adds to what the minute has; several processes may. */
  add(minute: number, counts: MinuteCounts): Promise<void>;
  /** From that minute on, oldest first. Minutes in which nothing happened are left out. */
  since(minute: number): Promise<MinuteRow[]>;
  /** Forgets the minutes before; gives how many. */
  prune(before: number): Promise<number>;
}

/**
 * The database cannot be written now (disk full, locked, gone), and the caller may come again. Nothing was stored, with
 * one exception: a database elsewhere may have stored it and gone before it could say so, and so may a disk that failed.
 */
export class StoreUnavailable extends TryLater {
  override name = "StoreUnavailable";
  constructor(sentence: string, { hint = DISK_HINT, cause }: { hint?: string; cause?: unknown } = {}) {
    super({ code: "store-unavailable", sentence, hint }, { retryAfterMs: 5_000, cause });
  }
}

const DISK_HINT =
  "Nothing that was answered before is lost. Make room or repair the disk; no restart is needed.";
