// Saving by itself: a moment after the last change, one save at a time, again after a failure, and when the page goes.
//
//   edit → 0.8 s of quiet → save → saved | changed meanwhile → again
//                                | no answer → again in 2 s, 4 s … 30 s
//                                | somebody else saved → conflict: a person decides

import type { Graph } from "../../shared/graph.ts";
import { toProblem } from "../api/problem.ts";
import type { EditorStore } from "./editor-store.ts";

export interface Draft {
  graph: Graph;
  revision: number;
}

/** Saves and gives the new revision; `leaving` says that the page may be gone before the answer comes. */
export type Put = (draft: Draft, leaving: boolean) => Promise<number>;

export interface Autosave {
  /** Saves what is unsaved now; says whether everything is saved then. */
  flush(): Promise<boolean>;
  /** The page goes away: one last try that outlives it. Says whether it may be lost all the same. */
  leave(): boolean;
  stop(): void;
}

export const QUIET_MS = 800;
const MOST_WAIT_MS = 30_000;
/** A browser takes no more of what is sent by a page that goes. */
const LEAVING_BYTES = 60_000;

export function startAutosave(store: EditorStore, put: Put): Autosave {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | undefined;
  let failures = 0;
  let seen = store.getState().changes;

  function schedule(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void save(), ms);
  }

  function save(leaving = false): Promise<void> {
    clearTimeout(timer);
    running ??= attempt(leaving).finally(() => {
      running = undefined;
    });
    return running;
  }

  async function attempt(leaving: boolean): Promise<void> {
    const { graph, revision, changes, save: state } = store.getState();
    if (state.kind === "saved" || state.kind === "conflict") return;
    store.getState().noteSave({ kind: "saving" });
    try {
      const next = await put({ graph, revision }, leaving);
      failures = 0;
      const isLast = store.getState().changes === changes;
      store.getState().noteSave({ kind: isLast ? "saved" : "unsaved" }, next);
      if (!isLast) schedule(QUIET_MS);
    } catch (error) {
      const { status, message } = toProblem(error);
      if (status === 409) {
        store.getState().noteSave({ kind: "conflict" });
        return;
      }
      store.getState().noteSave({ kind: "failed", why: message });
      failures += 1;
      // Whatever the server refused, it refuses again: the next change tries anew.
      if (isPassing(status)) schedule(Math.min(MOST_WAIT_MS, 1_000 * 2 ** failures));
    }
  }

  const unsubscribe = store.subscribe(({ changes, save: state }) => {
    if (changes === seen) return;
    seen = changes;
    if (state.kind === "unsaved") schedule(QUIET_MS);
  });

  return {
    async flush() {
      // One that is under way may have begun before the last change.
      if (running) await running;
      await save();
      return store.getState().save.kind === "saved";
    },
    leave() {
      const { save: state, graph } = store.getState();
      if (state.kind === "saved") return false;
      if (state.kind === "conflict") return true;
      // What is under way began before the last change.
      if (running) return state.kind !== "saving";
      const fits = JSON.stringify(graph).length < LEAVING_BYTES;
      void save(fits);
      return state.kind === "failed" || !fits;
    },
    stop() {
      clearTimeout(timer);
      unsubscribe();
    },
  };
}

/** Nobody answered, or the server said that it cannot just now. */
function isPassing(status: number): boolean {
  return status === 0 || status === 401 || status === 408 || status === 429 || status >= 500;
}
