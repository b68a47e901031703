// Where steps stand: their own places, rows for a graph that nobody placed, and free places for new steps.

import { edgesOf, type Graph, groupBy, type Step, stepsOf, topologicalOrder } from "../../shared/graph.ts";
import type { Port } from "../../shared/manifest.ts";

export const STEP_WIDTH = 248;
export const STEP_HEIGHT = 64;
/** What places snap to; the layout keeps to it as well. */
export const GRID = 20;
/** From the left side of a step to that of the one beside it, and from row to row. */
export const COLUMN = 320;
export const ROW = 160;
const GAP_X = 56;
const GAP_Y = 76;

export interface Place {
  x: number;
  y: number;
}

/** The steps' own positions; where nobody placed them (all lie in one spot), rows from top to bottom. */
export function placesOf(graph: Graph): Map<string, Place> {
  const steps = stepsOf(graph);
  const first = steps[0]?.at;
  const placed = steps.some((step) => step.at.x !== first?.x || step.at.y !== first?.y);
  if (placed || steps.length < 2) return new Map(steps.map((step) => [step.id, step.at]));
  return inRows(graph);
}

/** A row for each distance from the trigger; within a row in the order of what leads there. */
function inRows(graph: Graph): Map<string, Place> {
  const arriving = groupBy(edgesOf(graph), (edge) => edge.to);
  const { order, cycle } = topologicalOrder(graph);
  const row = new Map<string, number>();
  for (const id of [...order, ...cycle]) {
    row.set(id, Math.max(0, ...(arriving.get(id) ?? []).map((edge) => (row.get(edge.from) ?? 0) + 1)));
  }
  const places = new Map<string, Place>();
  for (const [index, ids] of groupBy(row.keys(), (id) => row.get(id) ?? 0)) {
    const middle = (id: string) => {
      const from = (arriving.get(id) ?? []).map((edge) => places.get(edge.from)?.x ?? 0);
      return from.length === 0 ? 0 : from.reduce((sum, x) => sum + x, 0) / from.length;
    };
    const sorted = ids.map((id) => ({ id, middle: middle(id) })).sort((a, b) => a.middle - b.middle);
    const step = STEP_WIDTH + GAP_X;
    const centre = sorted.reduce((sum, one) => sum + one.middle, 0) / sorted.length;
    sorted.forEach(({ id }, place) => {
      places.set(id, {
        x: Math.round(centre + (place - (sorted.length - 1) / 2) * step),
        y: index * (STEP_HEIGHT + GAP_Y),
      });
    });
  }
  return places;
}

/** The graph with every step where the canvas shows it: a draft that nobody placed becomes one that can be edited. */
export function settlePlaces(graph: Graph): Graph {
  return moveSteps(graph, placesOf(graph));
}

/** The graph with these steps at these places; a step that stands there already stays the same object. */
export function moveSteps(graph: Graph, places: ReadonlyMap<string, Place>): Graph {
  let steps: Record<string, Step> | undefined;
  for (const [id, { x, y }] of places) {
    const step = Object.hasOwn(graph.steps, id) ? graph.steps[id] : undefined;
    if (!step || (step.at.x === x && step.at.y === y)) continue;
    steps ??= { ...graph.steps };
    steps[id] = { ...step, at: { x, y } };
  }
  return steps ? { ...graph, steps } : graph;
}

/** The wanted place, or the nearest one to its right (then left) where no step stands. */
export function freePlace(graph: Graph, wanted: Place): Place {
  const at = { x: snapped(wanted.x), y: snapped(wanted.y) };
  for (let n = 0; n < 40; n++) {
    const shift = Math.ceil(n / 2) * (n % 2 === 1 ? 1 : -1) * COLUMN;
    const place = { x: at.x + shift, y: at.y };
    if (!stepsOf(graph).some((step) => overlap(step.at, place))) return place;
  }
  return at;
}

/** For something that is no step: the wanted place, or the nearest one to its left that covers no step. */
export function freePlaceOf(graph: Graph, wanted: Place, size: { width: number; height: number }): Place {
  const covers = (at: Place) =>
    stepsOf(graph).some(
      (step) =>
        at.x < step.at.x + STEP_WIDTH + GRID &&
        at.x + size.width + GRID > step.at.x &&
        at.y < step.at.y + STEP_HEIGHT + GRID &&
        at.y + size.height + GRID > step.at.y,
    );
  const at = { x: snapped(wanted.x), y: snapped(wanted.y) };
  for (let n = 0; n < 60 && covers(at); n++) at.x -= GRID * 2;
  return at;
}

/** Below the step, under the port it leaves by. */
export function placeBelow(step: Step, ports: readonly Port[], port: string): Place {
  const others = ports.filter((one) => one.id !== "error");
  const index = others.findIndex((one) => one.id === port);
  const column = index === -1 ? others.length / 2 : index - (others.length - 1) / 2;
  return { x: step.at.x + column * COLUMN, y: step.at.y + ROW };
}

function overlap(a: Place, b: Place): boolean {
  return Math.abs(a.x - b.x) < STEP_WIDTH + GRID && Math.abs(a.y - b.y) < STEP_HEIGHT + GRID;
}

export function snapped(value: number): number {
  return Math.round(value / GRID) * GRID;
}
