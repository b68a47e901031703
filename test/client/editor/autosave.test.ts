// Saving by itself: when, what, and what it does when it cannot.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiProblem } from "../../../client/api/problem.ts";
import { type Draft, QUIET_MS, startAutosave } from "../../../client/editor/autosave.ts";
import { createEditorStore } from "../../../client/editor/editor-store.ts";
import { moveStep } from "../../../shared/graph.ts";
import { graph } from "../../kit/graph.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start(answer: (draft: Draft) => Promise<number> = async ({ revision }) => revision + 1) {
  const store = createEditorStore({ graph: graph("trigger -> a"), revision: 1 });
  const sent: (Draft & { leaving: boolean })[] = [];
  const autosave = startAutosave(store, (draft, leaving) => {
    sent.push({ ...draft, leaving });
    return answer(draft);
  });
  let x = 0;
  const edit = () => store.getState().edit("move", (g) => moveStep(g, "a", { x: ++x, y: 0 }));
  return { store, autosave, sent, edit, kind: () => store.getState().save.kind };
}

const refuse = (status: number) => () =>
  Promise.reject(new ApiProblem(status, { code: "no", sentence: `No (${status}).` }));

test("it waits for a moment of quiet, then saves once, at the revision it read", async () => {
  const { sent, edit, kind, store } = start();
  edit();
  await vi.advanceTimersByTimeAsync(QUIET_MS - 100);
  edit();
  await vi.advanceTimersByTimeAsync(QUIET_MS - 100);
  expect(sent).toHaveLength(0);
  expect(kind()).toBe("unsaved");
  await vi.advanceTimersByTimeAsync(100);
  expect(sent).toMatchObject([{ revision: 1, graph: { steps: { a: { at: { x: 2 } } } } }]);
  expect(kind()).toBe("saved");
  expect(store.getState().revision).toBe(2);
});

test("what changes while it is being saved is saved after it, never at the same time", async () => {
  let finish = (_: number) => {};
  const { sent, edit, kind } = start(() => new Promise((resolve) => (finish = resolve)));
  edit();
  await vi.advanceTimersByTimeAsync(QUIET_MS);
  edit();
  await vi.advanceTimersByTimeAsync(QUIET_MS * 2);
  expect(sent).toHaveLength(1);
  finish(2);
  await vi.advanceTimersByTimeAsync(QUIET_MS);
  expect(sent.map((draft) => draft.revision)).toEqual([1, 2]);
  finish(3);
  await vi.advanceTimersByTimeAsync(0);
  expect(kind()).toBe("saved");
});

test("without an answer it tries again, later and later, and says why meanwhile", async () => {
  let away = true;
  const { sent, edit, store } = start((draft) => (away ? refuse(0)() : Promise.resolve(draft.revision + 1)));
  edit();
  await vi.advanceTimersByTimeAsync(QUIET_MS);
  expect(store.getState().save).toEqual({ kind: "failed", why: "No (0)." });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(sent).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(3_900);
  expect(sent).toHaveLength(2);
  away = false;
  await vi.advanceTimersByTimeAsync(100);
  expect(sent).toHaveLength(3);
  expect(store.getState().save.kind).toBe("saved");
});

test("what the server refuses is not sent again until it changes", async () => {
  const { sent, edit, kind } = start(refuse(422));
  edit();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toHaveLength(1);
  expect(kind()).toBe("failed");
  edit();
  await vi.advanceTimersByTimeAsync(QUIET_MS);
  expect(sent).toHaveLength(2);
});

test("a conflict stops saving until a person decides", async () => {
  const { sent, edit, kind, store, autosave } = start(async ({ revision }) => {
    if (revision < 5) return refuse(409)();
    return revision + 1;
  });
  edit();
  await vi.advanceTimersByTimeAsync(QUIET_MS);
  expect(kind()).toBe("conflict");
  edit();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toHaveLength(1);
  store.getState().noteSave({ kind: "unsaved" }, 5);
  expect(await autosave.flush()).toBe(true);
  expect(sent.at(-1)?.revision).toBe(5);
});

test("flushing saves at once, and waits for one under way first", async () => {
  let finish = (_: number) => {};
  const { sent, edit, autosave } = start(({ revision }) =>
    revision === 1 ? new Promise((resolve) => (finish = resolve)) : Promise.resolve(revision + 1),
  );
  edit();
  await vi.advanceTimersByTimeAsync(QUIET_MS);
  edit();
  const flushed = autosave.flush();
  finish(2);
  expect(await flushed).toBe(true);
  expect(sent).toHaveLength(2);
});

test("a page that goes away sends a last save that outlives it, and only warns when that may not be enough", () => {
  const saved = start();
  expect(saved.autosave.leave()).toBe(false);
  expect(saved.sent).toHaveLength(0);

  const unsaved = start();
  unsaved.edit();
  expect(unsaved.autosave.leave()).toBe(false);
  expect(unsaved.sent).toMatchObject([{ leaving: true }]);

  const large = start();
  const note = {
    id: "n",
    text: "x".repeat(70_000),
    at: { x: 0, y: 0 },
    width: 99,
    height: 99,
    color: "grey",
  } as const;
  large.store.getState().edit("note", (g) => ({ ...g, notes: { n: note } }));
  expect(large.autosave.leave()).toBe(true);

  const conflict = start();
  conflict.store.getState().noteSave({ kind: "conflict" });
  expect(conflict.autosave.leave()).toBe(true);
  expect(conflict.sent).toHaveLength(0);
});
