// What actions work with: the draft, what is chosen, the canvas, and ways to tell the person something.

import { notifications } from "@mantine/notifications";
import type { ReactFlowInstance } from "@xyflow/react";
import { createContext, use } from "react";
import { type Graph, stepOf } from "../../shared/graph.ts";
import type { Manifests } from "../../shared/manifest.ts";
import { addAt, newStep, replaceTrigger, type Spot, wayOn } from "./add-step.ts";
import type { Autosave } from "./autosave.ts";
import type { CanvasEdge, CanvasNode } from "./canvas.ts";
import { paste as putIn, readCopy } from "./clipboard.ts";
import type { EditorStore } from "./editor-store.ts";
import type { ViewStore } from "./editor-view.ts";
import type { Place } from "./places.ts";
import { whyNotAdd } from "./why-not.ts";

/** It stays the same as long as the editor is open. */
export interface Tools {
  store: EditorStore;
  view: ViewStore;
  manifests: Manifests;
  canvas: ReactFlowInstance<CanvasNode, CanvasEdge>;
  autosave: Autosave;
  /** The element that the canvas is drawn in. */
  ground: () => HTMLElement | null;
}

export const ToolsContext = createContext<Tools | null>(null);

export function useTools(): Tools {
  const tools = use(ToolsContext);
  if (!tools) throw new Error("This is used outside the editor.");
  return tools;
}

/** A new step is put there, chosen and focused; what speaks against it is said. */
export function addPicked(tools: Tools, uses: string, spot: Spot): void {
  const { store, view, manifests } = tools;
  const { graph } = store.getState();
  const name = manifests.actions.get(uses)?.name ?? manifests.triggers.get(uses)?.name ?? uses;
  const refused = whyNotAdd(graph, uses, manifests);
  if (refused) {
    tell(refused.sentence, refused.hint);
    return;
  }
  const trial = newStep(graph, manifests, uses, { x: 0, y: 0 });
  if (spot.edge !== undefined && (manifests.triggers.has(uses) || wayOn(trial, manifests) === undefined)) {
    tell(`“${name}” cannot stand in between: nothing can follow it.`);
    return;
  }
  const added = addAt(graph, manifests, uses, { ...spot, at: spot.at ?? placeFor(tools, spot) });
  store.getState().edit(`add “${stepOf(added.graph, added.id)?.name}”`, () => added.graph);
  view.getState().choose([added.id]);
  focusNode(tools, added.id);
}

/** Without a port, an edge or a point: the middle of what is seen of the canvas. */
function placeFor({ ground, canvas }: Tools, spot: Spot): Place | undefined {
  if (spot.from || spot.edge !== undefined) return undefined;
  const box = ground()?.getBoundingClientRect();
  if (!box) return undefined;
  const middle = canvas.screenToFlowPosition({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  return { x: middle.x - 124, y: middle.y - 32 };
}

export function swapTrigger({ store, view, manifests }: Tools, uses: string): void {
  const name = manifests.triggers.get(uses)?.name ?? uses;
  store.getState().edit(`start with “${name}”`, (graph) => replaceTrigger(graph, manifests, uses));
  view.getState().choose(["trigger"]);
}

/** Pastes what the text holds; says so when it holds no steps. */
export function pasteText(tools: Tools, text: string, at?: Place): void {
  const copy = readCopy(text);
  if (!copy) {
    tell("There are no steps on the clipboard.", "Copy some here or in another flow, then paste.");
    return;
  }
  const before: Graph = tools.store.getState().graph;
  const pasted = putIn(before, copy, at);
  if (pasted.ids.length === 0) {
    tell("There is nothing to paste but a trigger, and this flow has one.");
    return;
  }
  const what = pasted.ids.length === 1 ? "1 step" : `${pasted.ids.length} steps`;
  tools.store.getState().edit(`paste ${what}`, () => pasted.graph);
  tools.view.getState().choose(pasted.ids);
  const [first] = pasted.ids;
  if (first) focusNode(tools, first);
}

/** Moves the focus to a node once it is drawn, and brings it into view. */
export function focusNode({ ground, canvas }: Tools, id: string): void {
  let tries = 0;
  const look = () => {
    const node = nodeOf(ground(), id);
    if (node) {
      node.focus({ preventScroll: true });
      bringIntoView(canvas, ground(), node);
    } else if (tries++ < 20) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Brings a node into view, out from under the panel. */
export function showNode({ ground, canvas }: Tools, id: string): void {
  const node = nodeOf(ground(), id);
  if (node) bringIntoView(canvas, ground(), node);
}

function nodeOf(ground: HTMLElement | null, id: string): HTMLElement | null {
  return ground?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`) ?? null;
}

/** What the open panel covers, at the right of the canvas. */
const PANEL = 432;
const MARGIN = 40;

function bringIntoView(canvas: Tools["canvas"], ground: HTMLElement | null, node: HTMLElement): void {
  const seen = ground?.getBoundingClientRect();
  if (!seen) return;
  const box = node.getBoundingClientRect();
  const right = seen.right - (document.querySelector("[data-step-panel]") ? PANEL : 0);
  const dx =
    box.right > right - MARGIN ? right - MARGIN - box.right : Math.max(0, seen.left + MARGIN - box.left);
  const dy =
    box.bottom > seen.bottom - MARGIN * 2
      ? seen.bottom - MARGIN * 2 - box.bottom
      : Math.max(0, seen.top + MARGIN * 2 - box.top);
  if (dx === 0 && dy === 0) return;
  const { x, y, zoom } = canvas.getViewport();
  void canvas.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: 200 });
}

/** The whole flow, or these nodes, in the part of the canvas that nothing covers. */
export function fitInto({ canvas, ground }: Tools, nodes?: readonly string[], duration = 200): void {
  const frame = ground()?.closest("[data-narrow]");
  const left = frame?.hasAttribute("data-palette") ? 268 : MARGIN;
  const right = document.querySelector("[data-step-panel]") ? PANEL + 16 : MARGIN;
  void canvas.fitView({
    padding: { top: "72px", bottom: "72px", left: `${left}px`, right: `${right}px` },
    maxZoom: 1,
    minZoom: 0.2,
    duration,
    ...(nodes ? { nodes: nodes.map((id) => ({ id })) } : {}),
  });
}

/** Back to the canvas, so that keys go on working. */
export function focusCanvas({ ground }: Tools): void {
  ground()?.focus({ preventScroll: true });
}

export function tell(title: string, message = ""): void {
  notifications.show({ title, message, color: "amber", autoClose: 6_000, role: "status" });
}
