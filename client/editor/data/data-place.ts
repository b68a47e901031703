// What every field of a step's panel can reach: the data before the step, and the picker that puts it into a field.

import { createContext, use } from "react";
import type { DataSource } from "./data-sources.ts";

/** A field that data can be put into. */
export interface DataTarget {
  id: string;
  label: string;
  insert(reference: string): void;
  focus(): void;
}

export interface DataPlace {
  stepId: string;
  sources: DataSource[];
  scope: Record<string, unknown>;
  /** Names of the steps before this one, by id. */
  names: ReadonlyMap<string, string>;
  /** For `{{now}}` in previews. */
  now: number;
  /** The field that the open picker puts its data into. */
  target: DataTarget | null;
  picking: boolean;
  /** How often a field asked for the picker: each time its search gets the cursor. */
  asked: number;
  /** The field has the cursor: from now on the picker serves it. */
  serve(target: DataTarget): void;
  pick(target: DataTarget): void;
  close(): void;
  /** The field is gone; a picker that served it goes too. */
  forget(targetId: string): void;
}

export const DataContext = createContext<DataPlace | null>(null);

export function useDataPlace(): DataPlace {
  const place = use(DataContext);
  if (!place) throw new Error("This is used outside a step's panel.");
  return place;
}

/** How a dragged reference travels. */
export const REFERENCE_TYPE = "application/x-flowcatch-reference";
