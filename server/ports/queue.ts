// Says when something is to be done, never what with: a job is an id and a reference. The store is the truth, the queue a hint.

export type JobKind =
  /** carry a run on: `ref` is its id */
  | "advance"
  /** a schedule is due: `ref` is the flow's id */
  | "tick"
  /** repair what was lost */
  | "sweep"
  /** delete what is too old */
  | "prune";

export interface Job {
  /** What + when, such as `advance:run_01…:7`: pushing it again changes nothing. Letters, digits, `_ - @ .` and `:`. */
  id: string;
  kind: JobKind;
  ref: string;
  /** Milliseconds since 1970; in the past means now. */
  dueAt: number;
}

export interface Queue {
  /** Resolves when the job is kept; one that rejects may be kept later. Idempotent by id while the job exists. */
  push(job: Job): Promise<void>;
  /**
   * Calls `handler` for due jobs of these kinds, at most `concurrency` at a time, until `close`.
   * A handler that resolves is done with its job. One that rejects gets the job again later (after 1 s, then longer),
   * as it was pushed, its `dueAt` too; and so does another worker when this one dies: a job is handled at least once.
   * While a handler works, its job's lease is kept up.
   */
  work(kinds: JobKind[], handler: (job: Job) => Promise<void>, options: { concurrency: number }): void;
  /** How many jobs wait, by kind, and the earliest due time. */
  depth(): Promise<{ waiting: number; oldestDueAt: number | null }>;
  /** Takes no more jobs and waits for the handlers, at most `deadlineMs`; jobs still in work are given back. */
  close(deadlineMs: number): Promise<void>;
}
