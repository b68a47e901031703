// What the canvas shows: the graph, what is chosen, and what is being dragged just now. A drop becomes one edit.

import type { EdgeChange, NodeChange } from "@xyflow/react";
import { useMemo, useState } from "react";
import { changeNote } from "../../shared/graph-notes.ts";
import { namesOf } from "./actions/chosen.ts";
import { moveNodes } from "./align.ts";
import { type CanvasEdge, type CanvasNode, type Drawn, noteIdOf, type StepMark, toCanvas } from "./canvas.ts";
import { useEditor } from "./editor-context.ts";
import { useView } from "./editor-view.ts";
import type { Place } from "./places.ts";
import { useProblemCounts } from "./problems.ts";
import { useTools } from "./tools.ts";

/** Where a node is, and how large, while it is dragged. */
interface Held extends Partial<Place> {
  width?: number;
  height?: number;
}

const nothingHeld: ReadonlyMap<string, Held> = new Map();

export function useDrawing(marks: Map<string, StepMark> | undefined) {
  const tools = useTools();
  const { store, view, manifests } = tools;
  const graph = useEditor((state) => state.graph);
  const problems = useProblemCounts();
  const chosen = useView((state) => state.chosen);
  const chosenEdges = useView((state) => state.chosenEdges);
  const [held, setHeld] = useState(nothingHeld);
  const [drawing] = useState(createDrawing);

  const drawn = useMemo(
    () => drawing.draw((before) => toCanvas(graph, manifests, marks, { editing: true, problems, before })),
    [drawing, graph, manifests, marks, problems],
  );
  const nodes = useMemo(() => {
    const isChosen = new Set(chosen);
    return drawn.nodes.map((node) => {
      const shown = isChosen.has(node.id) ? drawing.chosen(node) : node;
      const hand = held.get(node.id);
      return hand ? inHand(shown, hand) : shown;
    });
  }, [drawing, drawn.nodes, chosen, held]);
  const edges = useMemo(() => {
    const isChosen = new Set(chosenEdges);
    return drawn.edges.map((edge) => (isChosen.has(edge.id) ? drawing.chosen(edge) : edge));
  }, [drawing, drawn.edges, chosenEdges]);

  function onNodesChange(changes: NodeChange<CanvasNode>[]): void {
    const places = new Map<string, Place>();
    const next = new Map(held);
    let isDone = false;
    for (const change of changes) {
      if (change.type === "position" && change.position) {
        places.set(change.id, rounded(change.position));
        next.set(change.id, { ...next.get(change.id), ...change.position });
        // A key press moves at once; a drag ends when the mouse lets go.
        if (!change.dragging && !isResizing(changes)) isDone = true;
      }
      if (change.type === "dimensions" && change.resizing !== undefined) {
        if (change.resizing && change.dimensions)
          next.set(change.id, { ...next.get(change.id), ...change.dimensions });
        else if (!change.resizing) keepSize(change.id, next.get(change.id));
        if (!change.resizing) next.delete(change.id);
      }
    }
    if (isDone) {
      const ids = [...places.keys()];
      const byKey = held.size === 0 ? `move ${ids.join(" ")}` : undefined;
      store.getState().edit(`move ${namesOf(tools, ids)}`, (now) => moveNodes(now, places), byKey);
      setHeld(nothingHeld);
    } else if (next.size > 0 || held.size > 0) {
      setHeld(next);
    }
    const now = view.getState();
    const after = chosenAfter(now.chosen, changes);
    if (after) now.choose(after, now.chosenEdges);
  }

  function keepSize(nodeId: string, size: Held | undefined): void {
    const id = noteIdOf(nodeId);
    if (id === null || !size) return;
    const { x, y, width, height } = size;
    store.getState().edit("resize a note", (now) => {
      const note = now.notes?.[id];
      if (!note) return now;
      const at = rounded({ x: x ?? note.at.x, y: y ?? note.at.y });
      return changeNote(now, id, {
        at,
        width: Math.round(width ?? note.width),
        height: Math.round(height ?? note.height),
      });
    });
  }

  function onEdgesChange(changes: EdgeChange<CanvasEdge>[]): void {
    const now = view.getState();
    const after = chosenAfter(now.chosenEdges, changes);
    if (after) now.choose(now.chosen, after);
  }

  return { nodes, edges, onNodesChange, onEdgesChange };
}

/** Keeps what was drawn, and for each thing its chosen form, so that neither is made twice. */
function createDrawing() {
  let last: Drawn | undefined;
  const forms = new WeakMap<object, object>();
  return {
    draw(make: (before: Drawn | undefined) => Drawn): Drawn {
      last = make(last);
      return last;
    },
    chosen<T extends CanvasNode | CanvasEdge>(plain: T): T {
      const form = forms.get(plain) ?? { ...plain, selected: true };
      forms.set(plain, form);
      return form as T;
    },
  };
}

function inHand(node: CanvasNode, { x, y, width, height }: Held): CanvasNode {
  const position = { x: x ?? node.position.x, y: y ?? node.position.y };
  if (width === undefined || height === undefined) return { ...node, position, dragging: true };
  return { ...node, position, width, height, measured: { width, height } };
}

function isResizing(changes: NodeChange<CanvasNode>[]): boolean {
  return changes.some((change) => change.type === "dimensions" && change.resizing !== undefined);
}

/** What is chosen after these changes; undefined when they are about other things. */
function chosenAfter(
  chosen: readonly string[],
  changes: (NodeChange<CanvasNode> | EdgeChange<CanvasEdge>)[],
): string[] | undefined {
  const picks = changes.filter((change) => change.type === "select");
  if (picks.length === 0) return undefined;
  const after = new Set(chosen);
  for (const { id, selected } of picks) {
    if (selected) after.add(id);
    else after.delete(id);
  }
  return [...after];
}

function rounded({ x, y }: Place): Place {
  return { x: Math.round(x), y: Math.round(y) };
}
