// Sticky notes on a graph: words for people, which no run ever looks at.

import { z } from "zod";
import type { Graph } from "./graph.ts";

export const NOTE_COLORS = ["amber", "green", "blue", "violet", "grey"] as const;

export const Note = z.object({
  id: z.string().regex(/^[a-zA-Z0-9_-]{1,80}$/),
  text: z.string().max(4_000),
  at: z.object({ x: z.number(), y: z.number() }),
  width: z.number().min(80).max(2_000),
  height: z.number().min(60).max(2_000),
  color: z.enum(NOTE_COLORS),
});
export type Note = z.infer<typeof Note>;

export const MAX_NOTES = 200;

export function notesOf(graph: Graph): Note[] {
  return Object.values(graph.notes ?? {});
}

/** The graph with this note on it; one of the same id is replaced. */
export function putNote(graph: Graph, note: Note): Graph {
  return { ...graph, notes: { ...graph.notes, [note.id]: note } };
}

/** The note with some of it changed. A note that does not exist leaves the graph as it is. */
export function changeNote(graph: Graph, id: string, change: Partial<Omit<Note, "id">>): Graph {
  const note = graph.notes && Object.hasOwn(graph.notes, id) ? graph.notes[id] : undefined;
  return note ? putNote(graph, { ...note, ...change }) : graph;
}

export function removeNote(graph: Graph, id: string): Graph {
  const { notes, ...rest } = graph;
  const left = Object.entries(notes ?? {}).filter(([key]) => key !== id);
  // A graph without notes looks like one that never had any.
  return left.length === 0 ? rest : { ...rest, notes: Object.fromEntries(left) };
}

/** `note1`, `note2` …: the first that is free. */
export function freshNoteId(graph: Graph): string {
  for (let n = 1; ; n++) {
    const id = `note${n}`;
    if (!Object.hasOwn(graph.notes ?? {}, id)) return id;
  }
}
