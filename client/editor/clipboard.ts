// Steps as text: copied as JSON that survives a chat or an editor, and pasted with fresh ids into any flow.
//
//   { "flowcatch": "steps", "steps": { … }, "edges": { … }, "notes": { … } }

import { z } from "zod";
import { addStep, edgesOf, freshStepId, Graph, stepOf, stepsOf, TRIGGER_ID } from "../../shared/graph.ts";
import { freshNoteId, notesOf, putNote } from "../../shared/graph-notes.ts";
import { renameReferences } from "../../shared/template-rename.ts";
import { draw } from "./add-step.ts";
import { noteIdOf, noteNodeId } from "./canvas.ts";
import { type Place, snapped } from "./places.ts";

const Copied = z.intersection(z.object({ flowcatch: z.literal("steps") }), Graph);

/** These steps and notes (ids of nodes) and the edges between them, as text. */
export function copyText(graph: Graph, nodeIds: readonly string[]): string {
  const chosen = new Set(nodeIds);
  const steps = Object.entries(graph.steps).filter(([id]) => chosen.has(id));
  const edges = Object.entries(graph.edges).filter(([, e]) => chosen.has(e.from) && chosen.has(e.to));
  const notes = Object.entries(graph.notes ?? {}).filter(([id]) => chosen.has(noteNodeId(id)));
  return JSON.stringify(
    {
      flowcatch: "steps",
      steps: Object.fromEntries(steps),
      edges: Object.fromEntries(edges),
      ...(notes.length > 0 ? { notes: Object.fromEntries(notes) } : {}),
    },
    null,
    2,
  );
}

/** The whole graph as text that can be pasted. */
export function copyAll(graph: Graph): string {
  return copyText(graph, [...Object.keys(graph.steps), ...notesOf(graph).map((note) => noteNodeId(note.id))]);
}

/** What was copied, also with words or a code fence around it; null when the text is something else. */
export function readCopy(text: string): Graph | null {
  const from = text.indexOf("{");
  const to = text.lastIndexOf("}");
  if (from === -1 || to < from || !text.includes('"flowcatch"')) return null;
  try {
    const copied = Copied.safeParse(JSON.parse(text.slice(from, to + 1)));
    return copied.success
      ? { steps: copied.data.steps, edges: copied.data.edges, ...withNotes(copied.data) }
      : null;
  } catch {
    return null;
  }
}

function withNotes({ notes }: Graph) {
  return notes ? { notes } : {};
}

/**
 * The graph with the copy in it, and the ids of the new nodes. Ids that are taken are made fresh, and references
 * among the copied steps follow. A flow that has a trigger takes no second one. `at` is where the copy's upper left
 * corner goes; without it, a little below where it was.
 */
export function paste(graph: Graph, copy: Graph, at?: Place): { graph: Graph; ids: string[] } {
  const steps = stepsOf(copy).filter((step) => step.id !== TRIGGER_ID || !stepOf(graph, TRIGGER_ID));
  const notes = notesOf(copy);
  const shift = shiftTo(
    [...steps, ...notes].map((one) => one.at),
    at,
  );
  const ids = new Map<string, string>();
  let taken = graph;
  for (const step of steps) {
    const id = stepOf(taken, step.id) ? freshStepId(taken, step.uses) : step.id;
    ids.set(step.id, id);
    taken = addStep(taken, { ...step, id });
  }
  let result = graph;
  for (const step of steps) {
    const id = ids.get(step.id) ?? step.id;
    const input = renameReferences(step.input, ids);
    result = addStep(result, { ...step, id, input, at: shift(step.at) });
  }
  for (const { from, port, to } of edgesOf(copy)) {
    const ends = { from: ids.get(from), to: ids.get(to) };
    if (ends.from && ends.to) result = draw(result, { from: ends.from, port, to: ends.to });
  }
  const noteIds: string[] = [];
  for (const note of notes) {
    const id = freshNoteId(result);
    noteIds.push(noteNodeId(id));
    result = putNote(result, { ...note, id, at: shift(note.at) });
  }
  return { graph: result, ids: [...ids.values(), ...noteIds] };
}

function shiftTo(places: Place[], at: Place | undefined): (place: Place) => Place {
  const left = Math.min(...places.map((place) => place.x));
  const top = Math.min(...places.map((place) => place.y));
  const by = at ? { x: snapped(at.x) - left, y: snapped(at.y) - top } : { x: 40, y: 40 };
  return ({ x, y }) => ({ x: x + by.x, y: y + by.y });
}

/** “the note” is chosen as `note:…`: the ids of steps among those of nodes. */
export function stepIdsOf(nodeIds: readonly string[]): string[] {
  return nodeIds.filter((id) => noteIdOf(id) === null);
}
