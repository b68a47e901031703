// Connections are kept and used again, but not for ever: the name may belong to another address by now.

import type { Agent } from "undici";
import type { Clock } from "../ports/clock.ts";

export interface HttpPools {
  /** What the next request goes out by. */
  current(): Agent;
  /** Ends what is on its way, by whichever connections. */
  destroy(): Promise<void>;
}

/** A name is looked up anew at least this often, however busy its connections are. No request takes as long. */
const POOLS_MS = 5 * 60_000;

/**
 * All connections are changed at once, and what is under way ends on the ones before. undici's `clientTtl` changes each
 * when its time is over, but asks what time it is for every connection that it passes on its way to a free one.
 */
export function createHttpPools(clock: Pick<Clock, "after">, make: () => Agent): HttpPools {
  let agent = make();
  let before: Agent | undefined;
  let callOff = clock.after(POOLS_MS, renew);

  function renew(): void {
    // Nothing is under way on it any more.
    void before?.destroy();
    before = agent;
    agent = make();
    callOff = clock.after(POOLS_MS, renew);
  }

  return {
    current: () => agent,
    async destroy() {
      callOff();
      await Promise.all([agent.destroy(), before?.destroy()]);
    },
  };
}
