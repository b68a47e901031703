// The live stream: what moved on the server is fetched again here; a lost stream comes back by itself.

import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { LIVE_PATH, Moved } from "../../shared/api.ts";
import { catchingKeys } from "./catching.ts";
import { deliveryKeys } from "./deliveries.ts";
import { flowKeys } from "./flows.ts";
import { SETUP_KEY } from "./query-client.ts";
import { runKeys } from "./runs.ts";

export type LiveState = "connecting" | "live" | "reconnecting";

/** The queries that show what moved. */
export function touchedBy(moved: Moved): QueryKey[] {
  switch (moved.kind) {
    case "run":
      return [
        runKeys.one(moved.runId),
        runKeys.lists,
        flowKeys.list,
        flowKeys.samples(moved.flowId),
        deliveryKeys.one(moved.runId),
        deliveryKeys.lists,
        // Whom the newest requests look like.
        catchingKeys.one(moved.flowId),
      ];
    case "flow":
      return [flowKeys.one(moved.flowId), flowKeys.list, catchingKeys.one(moved.flowId)];
    case "sample":
      return [flowKeys.samples(moved.flowId)];
    case "delivery":
      return [deliveryKeys.lists, catchingKeys.one(moved.flowId)];
  }
}

/** Before the n-th new attempt (from 1), in milliseconds: 1 s, doubled up to 30 s, half of it by chance. */
export function backOff(attempt: number, chance: number): number {
  const most = Math.min(30_000, 1_000 * 2 ** (attempt - 1));
  return Math.round(most / 2 + (most / 2) * chance);
}

/** Many steps move in one moment: they are gathered before anything is fetched. */
const GATHER_MS = 200;

/** Follows the stream for as long as the component is there; once in the app. */
export function useLive(): void {
  const client = useQueryClient();
  useEffect(() => {
    let source: EventSource | undefined;
    let attempt = 0;
    let later: ReturnType<typeof setTimeout> | undefined;
    let gathering: ReturnType<typeof setTimeout> | undefined;
    const touched = new Map<string, QueryKey>();

    function fetchTouched(): void {
      gathering = undefined;
      const keys = [...touched.values()];
      touched.clear();
      for (const queryKey of keys) void client.invalidateQueries({ queryKey });
    }

    function open(): void {
      source = new EventSource(`/api${LIVE_PATH}`);
      source.onopen = () => {
        // Whatever moved while nobody listened.
        if (attempt > 0) void client.invalidateQueries();
        attempt = 0;
        setState("live");
      };
      source.addEventListener("moved", (message) => {
        const moved = parse(message.data);
        if (!moved) return;
        for (const key of touchedBy(moved)) touched.set(JSON.stringify(key), key);
        gathering ??= setTimeout(fetchTouched, GATHER_MS);
      });
      source.onerror = () => {
        source?.close();
        attempt += 1;
        setState("reconnecting");
        // The stream does not say why it ended; the session may have.
        void client.invalidateQueries({ queryKey: SETUP_KEY });
        later = setTimeout(open, backOff(attempt, Math.random()));
      };
    }

    setState("connecting");
    open();
    return () => {
      source?.close();
      clearTimeout(later);
      clearTimeout(gathering);
    };
  }, [client]);
}

function parse(data: unknown): Moved | undefined {
  if (typeof data !== "string") return undefined;
  try {
    return Moved.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}

let state: LiveState = "connecting";
const watchers = new Set<() => void>();

function setState(next: LiveState): void {
  state = next;
  for (const watcher of watchers) watcher();
}

/** For the hint on the screen. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(watch, read);
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function read(): LiveState {
  return state;
}
