// What is chosen, open and being carried in the editor right now. Nothing of it is kept, and undo does not know it.

import { createContext, use } from "react";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Spot } from "./add-step.ts";
import type { Place } from "./places.ts";

export interface PickerRequest extends Spot {
  /** Where on the screen it opens. */
  screen: Place;
}

export type Dialog = "publish" | "problems" | "shortcuts" | "connect" | "conflict";

export interface EditorView {
  /** Ids of nodes: steps and notes. */
  chosen: readonly string[];
  chosenEdges: readonly string[];
  /** The node whose name or text is being changed. */
  renaming: string | null;
  /** What the step being dragged out of the palette uses. */
  carrying: string | null;
  /** An edge is being drawn: every step shows where it takes one. */
  connecting: boolean;
  /** The edge or trigger that would take what is being carried. */
  under: string | null;
  /** Why what is being dragged cannot go where it is. */
  refusal: string | null;
  picker: PickerRequest | null;
  menu: Place | null;
  dialog: Dialog | null;
  palette: boolean;
  minimap: boolean;
  snap: boolean;

  choose(nodes: readonly string[], edges?: readonly string[]): void;
  set(change: Partial<Omit<EditorView, "set" | "choose">>): void;
}

export type ViewStore = StoreApi<EditorView>;

export function createEditorView(start: Partial<EditorView> = {}): ViewStore {
  return createStore<EditorView>()((set) => ({
    chosen: [],
    chosenEdges: [],
    renaming: null,
    carrying: null,
    connecting: false,
    under: null,
    refusal: null,
    picker: null,
    menu: null,
    dialog: null,
    palette: true,
    minimap: true,
    snap: true,
    ...start,
    choose(chosen, chosenEdges = []) {
      set({ chosen, chosenEdges });
    },
    set,
  }));
}

/** The step that is chosen when nothing else is. */
export function onlyStep({ chosen, chosenEdges }: EditorView): string | null {
  const [id] = chosen;
  return chosen.length === 1 && chosenEdges.length === 0 && id && !id.startsWith("note:") ? id : null;
}

export const ViewContext = createContext<ViewStore | null>(null);

export function useViewStore(): ViewStore {
  const view = use(ViewContext);
  if (!view) throw new Error("This is used outside the editor.");
  return view;
}

export function useView<T>(select: (view: EditorView) => T): T {
  return useStore(useViewStore(), select);
}
