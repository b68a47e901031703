// A moment as “5 min ago”, kept true while it is on the screen; the exact time on hover and for machines.

import { Tooltip } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { agoText, momentText } from "./time.ts";

export function Ago({ at }: { at: number }) {
  const now = useNow();
  return (
    <Tooltip label={momentText(at)}>
      <time dateTime={new Date(at).toISOString()} className="tabular">
        {agoText(at, now)}
      </time>
    </Tooltip>
  );
}

const TICK_MS = 5_000;
let now = Date.now();
const watchers = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  now = Date.now();
  for (const watcher of watchers) watcher();
}

/** The time, in steps of five seconds, from one clock for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(watch, read);
}

// Both must stay the same function: with a new one React would begin to watch anew after every render.
function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  if (ticking === undefined) {
    tick();
    ticking = setInterval(tick, TICK_MS);
  }
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

function read(): number {
  return now;
}
