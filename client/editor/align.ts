// Lining up and spreading out what is chosen.

import { type Graph, stepOf } from "../../shared/graph.ts";
import { changeNote, notesOf } from "../../shared/graph-notes.ts";
import { noteIdOf, noteNodeId } from "./canvas.ts";
import { moveSteps, type Place, STEP_HEIGHT, STEP_WIDTH } from "./places.ts";

export type Side = "left" | "centre" | "right" | "top" | "middle" | "bottom";
export type Direction = "across" | "down";

interface Box extends Place {
  id: string;
  width: number;
  height: number;
}

export function align(graph: Graph, nodeIds: readonly string[], side: Side): Graph {
  const boxes = boxesOf(graph, nodeIds);
  const left = Math.min(...boxes.map((box) => box.x));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const top = Math.min(...boxes.map((box) => box.y));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  const place = ({ x, y, width, height }: Box): Place => {
    if (side === "left") return { x: left, y };
    if (side === "right") return { x: right - width, y };
    if (side === "centre") return { x: Math.round((left + right - width) / 2), y };
    if (side === "top") return { x, y: top };
    if (side === "bottom") return { x, y: bottom - height };
    return { x, y: Math.round((top + bottom - height) / 2) };
  };
  return moveNodes(graph, new Map(boxes.map((box) => [box.id, place(box)])));
}

/** The outermost two stay; the gaps between all of them become the same. */
export function spread(graph: Graph, nodeIds: readonly string[], direction: Direction): Graph {
  const across = direction === "across";
  const start = (box: Box) => (across ? box.x : box.y);
  const size = (box: Box) => (across ? box.width : box.height);
  const boxes = boxesOf(graph, nodeIds).sort((a, b) => start(a) - start(b));
  const first = boxes[0];
  const last = boxes.at(-1);
  if (!first || !last || boxes.length < 3) return graph;
  const filled = boxes.reduce((sum, box) => sum + size(box), 0);
  const gap = (start(last) + size(last) - start(first) - filled) / (boxes.length - 1);
  const places = new Map<string, Place>();
  let next = start(first);
  for (const box of boxes) {
    places.set(box.id, across ? { x: Math.round(next), y: box.y } : { x: box.x, y: Math.round(next) });
    next += size(box) + gap;
  }
  return moveNodes(graph, places);
}

/** Steps and notes, by the ids of their nodes, at these places. */
export function moveNodes(graph: Graph, places: ReadonlyMap<string, Place>): Graph {
  let result = moveSteps(graph, places);
  for (const [nodeId, at] of places) {
    const note = noteIdOf(nodeId);
    if (note !== null) result = changeNote(result, note, { at });
  }
  return result;
}

function boxesOf(graph: Graph, nodeIds: readonly string[]): Box[] {
  return nodeIds.flatMap((id): Box[] => {
    const step = stepOf(graph, id);
    if (step) return [{ id, ...step.at, width: STEP_WIDTH, height: STEP_HEIGHT }];
    const note = notesOf(graph).find((one) => noteNodeId(one.id) === id);
    return note ? [{ id, ...note.at, width: note.width, height: note.height }] : [];
  });
}
