// The last warnings and errors of this process, for the health page: the sentence, the time and the run, nothing else.

import type { Log } from "./engine/deps.ts";
import type { Clock } from "./ports/clock.ts";

export interface LogLine {
  /** Milliseconds since 1970. */
  at: number;
  level: "warn" | "error";
  sentence: string;
  runId: string | null;
}

const KEPT = 20;

/** The same log, and what it was told last, newest first. Details stay in the log: they may hold what a step sent. */
export function keepLastLines(log: Log, clock: Pick<Clock, "now">): { log: Log; lines(): LogLine[] } {
  const kept: LogLine[] = [];
  const keep = (level: LogLine["level"], about: object, sentence: string) => {
    const runId = "runId" in about && typeof about.runId === "string" ? about.runId : null;
    kept.unshift({ at: clock.now(), level, sentence, runId });
    if (kept.length > KEPT) kept.pop();
  };
  return {
    log: {
      debug: (about, message) => log.debug(about, message),
      info: (about, message) => log.info(about, message),
      warn(about, message) {
        keep("warn", about, message);
        log.warn(about, message);
      },
      error(about, message) {
        keep("error", about, message);
        log.error(about, message);
      },
    },
    lines: () => [...kept],
  };
}
