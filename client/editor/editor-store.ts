// The draft that is being edited. One way to change it: `edit(label, graph → graph)`; undo and autosave come with that.

import { createStore, type StoreApi } from "zustand/vanilla";
import type { Graph } from "../../shared/graph.ts";

/** One thing that can be undone, and what the graph was before it. */
interface Entry {
  label: string;
  graph: Graph;
}

export type SaveState =
  | { kind: "saved" }
  | { kind: "unsaved" }
  | { kind: "saving" }
  /** The server could not be reached, or said no; what is here is kept, and tried again. */
  | { kind: "failed"; why: string }
  /** Somebody else saved since; nothing more is saved until a person chose. */
  | { kind: "conflict" };

export interface EditorState {
  graph: Graph;
  /** The revision that the next save names. */
  revision: number;
  past: Entry[];
  future: Entry[];
  save: SaveState;
  /** Goes up with every change of the graph, so that a save knows whether it saved the last word. */
  changes: number;

  /**
   * Changes the draft. `label` is what undo calls it ("Move “Tell the team”"). Edits that follow each other with the
   * same `merge` (typing into one field) are undone as one. A function that gives the same graph back changes nothing.
   */
  edit(label: string, change: (graph: Graph) => Graph, merge?: string): void;
  undo(): void;
  redo(): void;
  /** Takes over what the server has, forgetting what can be undone: a restored version, or theirs in a conflict. */
  load(graph: Graph, revision: number): void;
  /** The same as one more thing that can be undone: what was here stays within reach. */
  take(label: string, graph: Graph, revision: number): void;
  noteSave(save: SaveState, revision?: number): void;
}

export type EditorStore = StoreApi<EditorState>;

const MOST_UNDO = 200;
/** Typing goes on as one edit while its pauses are shorter than this. */
const MERGE_MS = 2_000;

/** `now` gives milliseconds, for telling one burst of typing from the next. */
export function createEditorStore(
  draft: { graph: Graph; revision: number },
  now: () => number = () => performance.now(),
): EditorStore {
  let merging: { key: string; at: number } | null = null;
  return createStore<EditorState>()((set, get) => {
    const changed = (graph: Graph) => ({
      graph,
      changes: get().changes + 1,
      save: get().save.kind === "conflict" ? get().save : ({ kind: "unsaved" } as const),
    });
    return {
      ...draft,
      past: [],
      future: [],
      save: { kind: "saved" },
      changes: 0,
      edit(label, change, merge) {
        const { graph: before, past } = get();
        const graph = change(before);
        if (graph === before) return;
        const goesOn =
          merge !== undefined && merging?.key === merge && now() - merging.at < MERGE_MS && past.length > 0;
        merging = merge === undefined ? null : { key: merge, at: now() };
        set({
          ...changed(graph),
          past: goesOn ? past : [...past, { label, graph: before }].slice(-MOST_UNDO),
          future: [],
        });
      },
      undo() {
        const { past, future, graph } = get();
        const last = past.at(-1);
        if (!last) return;
        merging = null;
        set({
          ...changed(last.graph),
          past: past.slice(0, -1),
          future: [{ label: last.label, graph }, ...future],
        });
      },
      redo() {
        const { past, future, graph } = get();
        const [next, ...rest] = future;
        if (!next) return;
        merging = null;
        set({ ...changed(next.graph), past: [...past, { label: next.label, graph }], future: rest });
      },
      load(graph, revision) {
        merging = null;
        set({ graph, revision, past: [], future: [], save: { kind: "saved" }, changes: get().changes + 1 });
      },
      take(label, graph, revision) {
        merging = null;
        const past = [...get().past, { label, graph: get().graph }].slice(-MOST_UNDO);
        set({
          graph,
          revision,
          past,
          future: [],
          save: { kind: "saved" },
          changes: get().changes + 1,
        });
      },
      noteSave(save, revision) {
        set(revision === undefined ? { save } : { save, revision });
      },
    };
  });
}
