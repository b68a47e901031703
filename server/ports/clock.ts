// The only source of time.

export interface Clock {
  /** Milliseconds since 1970 (wall clock). */
  now(): number;
  /**
   * Resolves at `time` (milliseconds since 1970), or as soon as `signal` is aborted; never rejects.
   * A time in the past resolves in a later turn of the loop. A pending sleep does not keep the process alive.
   */
  sleepUntil(time: number, signal?: AbortSignal): Promise<void>;
  /** The same after `ms` milliseconds have gone by, whatever is done to the wall clock meanwhile. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `ring` after `ms` milliseconds, as `sleep` counts them; gives the function that calls it off. */
  after(ms: number, ring: () => void): () => void;
}
