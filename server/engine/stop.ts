// Something that can be told to stop: a run in this process, an attempt of a step.
//
// It does what an AbortController does. Making one of those, and listening to it, costs more than some steps do, and few
// of them are ever told anything: the signal is made when somebody asks for it.

export interface Stop {
  isStopped(): boolean;
  /** What the first one said who stopped it. */
  reason(): unknown;
  /** The first call counts. */
  stop(reason?: unknown): void;
  /** Is called when it is stopped, once; not when it was stopped before. Must not throw. */
  listen(listener: () => void): void;
  unlisten(listener: () => void): void;
  /** Aborted with the same reason. */
  signal(): AbortSignal;
}

/** One that nobody has stopped yet. */
export function createStop(): Stop {
  let stopped = false;
  let reason: unknown;
  let listeners: (() => void)[] = [];
  let controller: AbortController | undefined;
  return {
    isStopped: () => stopped,
    reason: () => reason,
    stop(why) {
      if (stopped) return;
      stopped = true;
      reason = why;
      const told = listeners;
      listeners = [];
      controller?.abort(why);
      for (const listener of told) listener();
    },
    listen(listener) {
      if (!stopped) listeners.push(listener);
    },
    unlisten(listener) {
      const at = listeners.indexOf(listener);
      if (at >= 0) listeners.splice(at, 1);
    },
    signal() {
      if (!controller) {
        controller = new AbortController();
        if (stopped) controller.abort(reason);
      }
      return controller.signal;
    },
  };
}
