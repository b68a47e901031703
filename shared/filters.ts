// The table of every filter a template can use.

import { dateFilters } from "./filters-date.ts";
import { encodeFilters } from "./filters-encode.ts";
import { jsonFilters } from "./filters-json.ts";
import type { Filter } from "./filters-kit.ts";
import { listFilters } from "./filters-list.ts";
import { numberFilters } from "./filters-number.ts";
import { textFilters } from "./filters-text.ts";

/** In the order of the docs and of the editor’s list, group by group. */
export const FILTERS: readonly Filter[] = [
  ...textFilters,
  ...numberFilters,
  ...dateFilters,
  ...listFilters,
  ...jsonFilters,
  ...encodeFilters,
];

const byName = new Map(FILTERS.map((filter) => [filter.name, filter]));

/** The filter of that name, or undefined. */
export function findFilter(name: string): Filter | undefined {
  return byName.get(name);
}

/** How a filter is written: `truncate: characters, ending`, what may be left out with a question mark. */
export function filterSignature(filter: Filter): string {
  const args = filter.takes.map(({ name, optional }) => name.replaceAll(" ", "_") + (optional ? "?" : ""));
  return args.length > 0 ? `${filter.name}: ${args.join(", ")}` : filter.name;
}
