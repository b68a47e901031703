// Shapes of versions, kept at hand: a version never changes, so neither does its shape.

import type { Store } from "../ports/store.ts";
import { type Shape, shapeOf } from "./shape.ts";

const MOST = 1_000;

/** Gives the shape of a version by id; the thousand used last are kept, or nearly those. Throws when there is no such version. */
export function createShapes(store: Store): (versionId: string) => Promise<Shape> {
  const kept = new Map<string, Shape>();
  return async (versionId) => {
    let shape = kept.get(versionId);
    // Their order counts only when one will have to go.
    if (shape && kept.size <= MOST / 2) return shape;
    if (shape) kept.delete(versionId);
    else {
      const version = await store.versions.get(versionId);
      if (!version) throw new Error(`there is no version ${versionId}`);
      shape = shapeOf(version.graph);
    }
    kept.set(versionId, shape);
    const oldest = kept.size > MOST ? kept.keys().next().value : undefined;
    if (oldest !== undefined) kept.delete(oldest);
    return shape;
  };
}
