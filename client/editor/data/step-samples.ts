// What a person chose and tried while building a flow, for as long as the tab is open: the event to build with, and
// the outputs of tested steps. Kept by flow in the session's storage, so that a reload does not lose them.

import { z } from "zod";
import { createStore, type StoreApi } from "zustand/vanilla";

const Kept = z.object({
  sampleId: z.string().nullable(),
  tests: z.record(z.string(), z.object({ uses: z.string(), at: z.number(), output: z.unknown() })),
});

export interface StepSamples {
  /** The chosen event; null: the pinned or the newest one. */
  sampleId: string | null;
  tests: Record<string, { uses: string; at: number; output: unknown }>;
  choose(sampleId: string | null): void;
  keepTest(step: { id: string; uses: string }, output: unknown, at: number): void;
}

/** A bigger output is kept only until the page is left. */
const MOST_STORED = 1_000_000;
const stores = new Map<string, StoreApi<StepSamples>>();

/** The samples of one flow; always the same store for the same flow. */
export function stepSamples(flowId: string): StoreApi<StepSamples> {
  const made = stores.get(flowId) ?? create(flowId);
  stores.set(flowId, made);
  return made;
}

function create(flowId: string): StoreApi<StepSamples> {
  const key = `flowcatch-samples-${flowId}`;
  const store = createStore<StepSamples>()((set, get) => ({
    ...read(key),
    choose: (sampleId) => set({ sampleId }),
    keepTest: ({ id, uses }, output, at) => set({ tests: { ...get().tests, [id]: { uses, at, output } } }),
  }));
  store.subscribe(({ sampleId, tests }) => write(key, { sampleId, tests }));
  return store;
}

function read(key: string): z.infer<typeof Kept> {
  try {
    return Kept.parse(JSON.parse(sessionStorage.getItem(key) ?? ""));
  } catch {
    return { sampleId: null, tests: {} };
  }
}

function write(key: string, kept: z.infer<typeof Kept>): void {
  try {
    const text = JSON.stringify(kept);
    if (text.length <= MOST_STORED) sessionStorage.setItem(key, text);
  } catch {
    // Storage is full or switched off: it is kept in memory all the same.
  }
}
