// The draft's store: one way to change it, and everything can be undone.

import { expect, test } from "vitest";
import { createEditorStore } from "../../../client/editor/editor-store.ts";
import { changeStep, moveStep } from "../../../shared/graph.ts";
import { graph } from "../../kit/graph.ts";

function start() {
  let now = 0;
  const store = createEditorStore({ graph: graph("trigger -> a -> b"), revision: 7 }, () => now);
  return { store, state: () => store.getState(), wait: (ms: number) => (now += ms) };
}

test("an edit can be undone to the very graph it was made on, and redone", () => {
  const { state } = start();
  const before = state().graph;
  state().edit("move “a”", (g) => moveStep(g, "a", { x: 5, y: 5 }));
  const after = state().graph;
  state().undo();
  expect(state().graph).toBe(before);
  expect(state().future[0]?.label).toBe("move “a”");
  state().redo();
  expect(state().graph).toBe(after);
  expect(state().past.at(-1)?.label).toBe("move “a”");
});

test("an edit that changes nothing is none", () => {
  const { state } = start();
  state().edit("nothing", (g) => g);
  expect(state()).toMatchObject({ past: [], changes: 0, save: { kind: "saved" } });
});

test("typing without a pause is undone as one; after a pause, another edit or an undo it begins anew", () => {
  const { state, wait } = start();
  const type = (name: string) => state().edit("name", (g) => changeStep(g, "a", { name }), "a name");
  type("T");
  wait(500);
  type("Te");
  expect(state().past).toHaveLength(1);
  wait(2_500);
  type("Tel");
  expect(state().past).toHaveLength(2);
  state().undo();
  expect(state().graph.steps.a?.name).toBe("Te");
  type("Tex");
  expect(state().past).toHaveLength(2);
  state().edit("move", (g) => moveStep(g, "b", { x: 9, y: 9 }));
  type("Text");
  expect(state().past).toHaveLength(4);
});

test("what comes after an undone edit forgets it", () => {
  const { state } = start();
  state().edit("one", (g) => moveStep(g, "a", { x: 1, y: 1 }));
  state().undo();
  state().edit("two", (g) => moveStep(g, "a", { x: 2, y: 2 }));
  expect(state().future).toEqual([]);
});

test("taking over another draft is itself undone, with the revision of the other", () => {
  const { state } = start();
  state().edit("mine", (g) => moveStep(g, "a", { x: 1, y: 1 }));
  const mine = state().graph;
  state().take("take over", graph("trigger -> c"), 9);
  expect(state()).toMatchObject({ revision: 9, save: { kind: "saved" } });
  state().undo();
  expect(state().graph).toBe(mine);
  expect(state()).toMatchObject({ revision: 9, save: { kind: "unsaved" } });
});

test("a conflict stays one, whatever is changed, until a person decides", () => {
  const { state } = start();
  state().noteSave({ kind: "conflict" });
  state().edit("move", (g) => moveStep(g, "a", { x: 1, y: 1 }));
  state().undo();
  expect(state().save.kind).toBe("conflict");
});
