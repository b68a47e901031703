// Counts how often something was tried, so that nobody can try without end.

export interface Limiter {
  /** Counts one more; how long to wait when it was one too many, and 0 when it was not. */
  waitMs(key: string): Promise<number>;
  /** Begins to count this one anew. */
  forget(key: string): Promise<void>;
}

/** `name` keeps apart what different limits count; of several limiters of one name there is one count. */
export type OpenLimiter = (name: string, allowed: { attempts: number; withinSeconds: number }) => Limiter;
