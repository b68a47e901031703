// Sticky notes: on the graph, and in nobody's way.

import { expect, test } from "vitest";
import { Graph, removeStep } from "../../shared/graph.ts";
import {
  changeNote,
  freshNoteId,
  type Note,
  notesOf,
  putNote,
  removeNote,
} from "../../shared/graph-notes.ts";
import { problemsIn } from "../../shared/graph-problems.ts";
import { indexManifests } from "../../shared/manifest.ts";
import { graph } from "../kit/graph.ts";

const note: Note = { id: "note1", text: "Hi", at: { x: 0, y: 0 }, width: 200, height: 100, color: "amber" };

test("a graph without notes is as valid as ever, and stays without", () => {
  const plain = graph("trigger -> a");
  expect(Graph.parse(plain)).toEqual(plain);
  expect("notes" in Graph.parse(plain)).toBe(false);
});

test("notes are kept by their ids; one under another name is refused", () => {
  const noted = putNote(graph("trigger"), note);
  expect(Graph.parse(noted)).toEqual(noted);
  expect(Graph.safeParse({ ...noted, notes: { other: note } }).success).toBe(false);
  expect(Graph.safeParse(JSON.parse('{"steps":{},"edges":{},"notes":{"__proto__":{}}}')).success).toBe(false);
});

test("they are put, changed and taken away, the last one without a trace", () => {
  const before = graph("trigger");
  const noted = putNote(before, note);
  expect(freshNoteId(noted)).toBe("note2");
  expect(notesOf(changeNote(noted, "note1", { text: "Ho" }))).toEqual([{ ...note, text: "Ho" }]);
  expect(changeNote(noted, "gone", { text: "Ho" })).toBe(noted);
  expect(removeNote(noted, "note1")).toEqual(before);
});

test("deleting a step leaves them, and no check looks at them", () => {
  const noted = putNote(graph("trigger -> a"), note);
  expect(notesOf(removeStep(noted, "a"))).toEqual([note]);
  const none = indexManifests([]);
  expect(problemsIn(noted, none)).toEqual(problemsIn(graph("trigger -> a"), none));
});
