// @vitest-environment happy-dom
// The data picker: what it lists, how it is searched and walked through, and what it puts into a field.

import { fireEvent, screen } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, test, vi } from "vitest";
import { DataPicker } from "../../../client/editor/data/DataPicker.tsx";
import { DataContext } from "../../../client/editor/data/data-place.ts";
import type { DataSource } from "../../../client/editor/data/data-sources.ts";
import { EditorContext } from "../../../client/editor/editor-context.ts";
import { createEditorStore } from "../../../client/editor/editor-store.ts";
import { find, focus, press, show, type } from "../../kit/dom.tsx";
import { manifests } from "./fixtures.ts";

// The icons are put together when the client is built.
vi.mock("../../../client/ui/ConnectorIcon.tsx", () => ({ ConnectorIcon: () => null }));

const NOW = Date.UTC(2026, 2, 1, 12);

const order: DataSource = {
  stepId: "trigger",
  name: "New order",
  uses: "webhook.catch",
  value: {
    method: "POST",
    body: { "first name": "Ada", lines: [{ sku: "TEA" }, { sku: "KETTLE" }], total: 59.8 },
  },
  origin: "event",
  at: NOW - 5 * 60_000,
};
const stock: DataSource = {
  stepId: "stock",
  name: "Look up stock",
  uses: "http.request",
  value: { status: 200, headers: {} },
  origin: "example",
  at: null,
};

/** Opens the picker for a field; gives what that field was told, oldest first. */
function open(sources: DataSource[] = [order, stock], label: string | null = "Message"): string[] {
  const told: string[] = [];
  const graph = { steps: {}, edges: {} };
  const store = createEditorStore({ graph, revision: 1 });
  function Panel() {
    const [picking, setPicking] = useState(true);
    const [asked, setAsked] = useState(1);
    const target =
      label === null
        ? null
        : {
            id: "message",
            label,
            insert: (reference: string) => told.push(reference),
            focus: () => told.push("focus"),
          };
    return (
      <EditorContext value={{ flow, store, manifests }}>
        <DataContext
          value={{
            stepId: "send",
            sources,
            scope: {},
            names: new Map(),
            now: NOW,
            target,
            picking,
            asked,
            serve: () => {},
            pick: () => {},
            close: () => setPicking(false),
            forget: () => {},
          }}
        >
          <button type="button" onClick={() => setAsked(asked + 1)}>
            Ask again
          </button>
          {picking && <DataPicker beside={null} />}
        </DataContext>
      </EditorContext>
    );
  }
  show(<Panel />);
  expect(document.activeElement).toBe(search());
  return told;
}

const flow = {
  id: "flow",
  name: "Orders",
  draft: { steps: {}, edges: {} },
  revision: 1,
  status: "draft" as const,
  liveVersionId: null,
  createdAt: NOW,
  updatedAt: NOW,
  catchUrl: "http://localhost/catch/key",
  liveNumber: null,
  changed: false,
  problems: [],
};

const search = () => find("textbox", "Search names and values");

/** The tree as it is read: a line for each row, the inner ones further in. */
const lines = () =>
  screen.queryAllByRole("treeitem").map((row) => {
    const level = Number(row.getAttribute("aria-level"));
    const parts = [...row.querySelectorAll("span")].map((part) => part.textContent).filter((text) => text);
    return `${"  ".repeat(level - 1)}${parts.join(": ")}`;
  });

const row = (start: string) => {
  const found = screen.getAllByRole("treeitem").find((one) => one.textContent?.startsWith(start));
  if (!found) throw new Error(`There is no row “${start}”.`);
  return found;
};

/** A key where the cursor is. */
const key = (name: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key: name });

const cursorAt = () => document.activeElement?.textContent ?? "";

describe("what it lists", () => {
  test("every step before this one, with its data and where that is from", () => {
    open();
    expect(lines()).toEqual([
      "New order: event, 5 min ago",
      "  method: POST",
      "  body: { first name, lines, total }",
      "    first name: Ada",
      "    lines: 2 items",
      "    total: 59.8",
      "Look up stock: example data",
      "  status: 200",
      "  headers: { }",
    ]);
  });

  test("it says which field the data goes into", () => {
    open();
    expect(find("dialog", "Insert data").textContent).toContain("Click a value to put it into “Message”");
  });

  test("without a field it asks for one", () => {
    open([order], null);
    expect(screen.getByText("Choose a field first")).toBeTruthy();
  });

  test("where nothing comes before the step, it says what to do", () => {
    open([]);
    expect(screen.getByText(/^Nothing comes before this step yet\. Connect it to a step/)).toBeTruthy();
  });

  test("of a long list it shows the beginning, and says how much more there is", () => {
    const value = { body: Array.from({ length: 130 }, (_, index) => index) };
    open([{ ...order, value }]);
    expect(screen.getByText("and 30 more; search to find them")).toBeTruthy();
  });

  test("rows with something inside say whether they are open; the others do not", () => {
    open();
    expect(row("body").getAttribute("aria-expanded")).toBe("true");
    expect(row("lines").getAttribute("aria-expanded")).toBe("false");
    expect(row("method").hasAttribute("aria-expanded")).toBe(false);
  });
});

describe("the search", () => {
  test("has the cursor when a field asks for the picker that is open already", () => {
    open();
    focus(row("method"));
    press("Ask again");
    expect(document.activeElement).toBe(search());
  });

  test("finds values, and shows what leads to them", () => {
    open();
    type(search(), "kettle");
    expect(lines()).toEqual([
      "New order: event, 5 min ago",
      "  body: { first name, lines, total }",
      "    lines: 2 items",
      "      2.: { sku }",
      "        sku: KETTLE",
    ]);
  });

  test("finds names", () => {
    open();
    type(search(), "STATUS");
    expect(lines()).toEqual(["Look up stock: example data", "  status: 200"]);
  });

  test("says so when nothing is found, and shows all of it again when it is emptied", () => {
    open();
    const before = lines();
    type(search(), "teapot");
    expect(lines()).toEqual([]);
    expect(screen.getByText("Nothing is called “teapot”, and no value holds it.")).toBeTruthy();
    type(search(), "");
    expect(lines()).toEqual(before);
  });

  test("Enter inserts the first value that was found", () => {
    const told = open();
    type(search(), "sku");
    key("Enter");
    expect(told).toEqual(["{{trigger.body.lines[0].sku}}"]);
  });

  test("Enter inserts nothing while nothing is searched, or nothing was found", () => {
    const told = open();
    key("Enter");
    type(search(), "teapot");
    key("Enter");
    expect(told).toEqual([]);
  });

  test("the arrow down goes to the first value that was found", () => {
    open();
    type(search(), "sku");
    key("ArrowDown");
    expect(cursorAt()).toBe("skuTEA");
  });
});

describe("the keys in the tree", () => {
  test("up and down go from row to row, and from the first one back to the search", () => {
    open();
    key("ArrowDown");
    expect(cursorAt()).toMatch(/^New order/);
    key("ArrowDown");
    expect(cursorAt()).toBe("methodPOST");
    key("ArrowUp");
    key("ArrowUp");
    expect(document.activeElement).toBe(search());
  });

  test("Home and End go to the ends, and no further", () => {
    open();
    key("ArrowDown");
    key("End");
    expect(cursorAt()).toBe("headers{ }");
    key("ArrowDown");
    expect(cursorAt()).toBe("headers{ }");
    key("Home");
    expect(cursorAt()).toMatch(/^New order/);
  });

  test("one row at a time can be reached with Tab: the one that was last at", () => {
    open();
    const reached = () => screen.getAllByRole("treeitem").filter((one) => one.tabIndex === 0);
    expect(reached()).toEqual([row("New order")]);
    key("ArrowDown");
    key("ArrowDown");
    expect(reached()).toEqual([row("method")]);
    expect(row("method").getAttribute("aria-selected")).toBe("true");
  });

  test("right opens a row, then goes into it; left goes out, then closes it", () => {
    open();
    focus(row("lines"));
    key("ArrowRight");
    expect(lines()).toContain("      1.: { sku }");
    key("ArrowRight");
    expect(cursorAt()).toBe("1.{ sku }");
    key("ArrowLeft");
    expect(cursorAt()).toBe("lines2 items");
    key("ArrowLeft");
    expect(lines()).not.toContain("      1.: { sku }");
    expect(row("lines").getAttribute("aria-expanded")).toBe("false");
  });

  test.each(["Enter", " "])("“%s” inserts the row's reference, and the picker stays", (name) => {
    const told = open();
    focus(row("first name"));
    key(name);
    expect(told).toEqual(['{{trigger.body["first name"]}}']);
    expect(find("dialog", "Insert data")).toBeTruthy();
  });

  test("Enter on a step inserts all of its data", () => {
    const told = open();
    focus(row("Look up stock"));
    key("Enter");
    expect(told).toEqual(["{{stock}}"]);
  });

  test.each(["the search", "the tree"])("Escape in %s closes it, and the field has the cursor", (where) => {
    const told = open();
    if (where === "the tree") key("ArrowDown");
    key("Escape");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(told).toEqual(["focus"]);
  });
});

describe("the mouse", () => {
  test("a click on a value inserts it", () => {
    const told = open();
    fireEvent.click(row("total"));
    expect(told).toEqual(["{{trigger.body.total}}"]);
  });

  test("a click on a step folds it and unfolds it, and inserts nothing", () => {
    const told = open();
    fireEvent.click(row("New order"));
    expect(lines()[1]).toBe("Look up stock: example data");
    fireEvent.click(row("New order"));
    expect(lines()[1]).toBe("  method: POST");
    expect(told).toEqual([]);
  });

  test("a click on the arrow before a list opens it without inserting it", () => {
    const told = open();
    const arrow = row("lines").querySelector("button");
    if (arrow) fireEvent.click(arrow);
    expect(lines()).toContain("      2.: { sku }");
    expect(told).toEqual([]);
  });

  test("“insert all” gives everything of a step", () => {
    const told = open();
    press("Insert everything of New order");
    expect(told).toEqual(["{{trigger}}"]);
  });

  test("a row that is dragged carries its reference", () => {
    open();
    const carried = new Map<string, string>();
    const dataTransfer = { setData: (kind: string, text: string) => carried.set(kind, text) };
    fireEvent.dragStart(row("total"), { dataTransfer });
    expect(Object.fromEntries(carried)).toEqual({
      "application/x-flowcatch-reference": "{{trigger.body.total}}",
      "text/plain": "{{trigger.body.total}}",
    });
  });

  test("the close button closes it, and the field has the cursor", () => {
    const told = open();
    press("Close the data");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(told).toEqual(["focus"]);
  });
});
