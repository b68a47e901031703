// The list of actions that menus, keys, the shortcuts sheet and the command palette read.

import { expect, test } from "vitest";
import { GROUPS } from "../../../client/editor/actions/action.ts";
import { actionFor, keyCaps, matches } from "../../../client/editor/actions/keys.ts";
import { actions } from "../../../client/editor/actions/list.ts";
import { named } from "../../../client/editor/actions/undo.ts";
import { pickerGroups } from "../../../client/editor/picker-groups.ts";
import { manifests } from "./fixtures.ts";

const press = (
  key: string,
  held: Partial<Record<"ctrlKey" | "metaKey" | "shiftKey" | "altKey", true>> = {},
) => ({
  key,
  code: `Key${key.toUpperCase()}`,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

test("no id and no key is there twice, and every action has a key, an icon and a group", () => {
  const keys = actions.flatMap((action) => action.keys);
  expect(new Set(keys).size).toBe(keys.length);
  expect(new Set(actions.map((action) => action.id)).size).toBe(actions.length);
  for (const action of actions) {
    expect(action.keys.length, action.id).toBeGreaterThan(0);
    expect(action.icon, action.id).toBeTruthy();
    expect(GROUPS, action.id).toContain(action.group);
  }
});

test("each key press means the action that names it, and no other", () => {
  expect(actionFor(actions, press("z", { ctrlKey: true }))?.id).toBe("undo");
  expect(actionFor(actions, press("Z", { ctrlKey: true, shiftKey: true }))?.id).toBe("redo");
  expect(actionFor(actions, press("y", { ctrlKey: true }))?.id).toBe("redo");
  expect(actionFor(actions, press("a"))?.id).toBe("add-step");
  expect(actionFor(actions, press("a", { ctrlKey: true }))?.id).toBe("select-all");
  expect(actionFor(actions, press("A", { shiftKey: true }))?.id).toBe("arrange");
  // On most keyboards these need Shift.
  expect(actionFor(actions, press("?", { shiftKey: true }))?.id).toBe("shortcuts");
  expect(actionFor(actions, press("+", { shiftKey: true }))?.id).toBe("zoom-in");
  expect(actionFor(actions, press("q"))).toBeUndefined();
  expect(matches("Alt+L", { ...press("¬", { altKey: true }), code: "KeyL" })).toBe(true);
});

test("keys are written as they are printed, + among them", () => {
  expect(keyCaps("Mod+Shift+Z")).toEqual(["Ctrl", "Shift", "Z"]);
  expect(keyCaps("+")).toEqual(["+"]);
});

test("undo says what it undoes", () => {
  expect(named("Undo", "Move “Tell the team”")).toBe("Undo move “Tell the team”");
  expect(named("Undo", undefined)).toBe("Undo");
});

test("the palette finds by name, connector and description, the likeliest first", () => {
  const names = (search: string, triggers = true) =>
    pickerGroups(manifests, search, triggers).flatMap((group) => group.items.map((item) => item.name));
  expect(names("")[0]).toBe("Catch a webhook");
  expect(names("", false)).not.toContain("Catch a webhook");
  expect(names("http")).toEqual(["Send a request"]);
  expect(names("about branch")).toEqual(["Branch"]);
  expect(names("se")[0]).toMatch(/^Se/);
  expect(names("nothing like it")).toEqual([]);
});
