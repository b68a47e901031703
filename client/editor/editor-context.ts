// What everything inside the editor can reach: the draft's store, the flow it belongs to, and what can be used in it.

import { createContext, use } from "react";
import { useStore } from "zustand";
import type { Manifests } from "../../shared/manifest.ts";
import type { FlowView } from "../api/flows.ts";
import type { EditorState, EditorStore } from "./editor-store.ts";

export interface EditorPlace {
  /** As the server last gave it: name, status, catch URL, revision. The draft itself is the store's. */
  flow: FlowView;
  store: EditorStore;
  manifests: Manifests;
}

export const EditorContext = createContext<EditorPlace | null>(null);

export function useEditorPlace(): EditorPlace {
  const place = use(EditorContext);
  if (!place) throw new Error("This is used outside the editor.");
  return place;
}

/** A part of the editor's state; the component renders again only when that part changes. */
export function useEditor<T>(select: (state: EditorState) => T): T {
  return useStore(useEditorPlace().store, select);
}
