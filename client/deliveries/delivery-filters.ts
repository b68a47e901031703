// The filters of the inbox: those of a list of runs, with verdicts in place of statuses; kept in the address.

import { Verdict } from "../../shared/delivery.ts";
import type { DeliveryFilter } from "../api/deliveries.ts";
import { isPlaced, type Placed, readFilters, toRunFilter, writeFilters } from "../runs/run-filters.ts";

/** What the controls show. */
export interface ChosenDeliveries extends Placed {
  verdicts: Verdict[];
}

export function readDeliveryFilters(search: URLSearchParams): ChosenDeliveries {
  const verdicts = (search.get("verdict") ?? "").split(",").flatMap((word) => {
    const verdict = Verdict.safeParse(word);
    return verdict.success ? [verdict.data] : [];
  });
  const { statuses: _, ...placed } = readFilters(search);
  return { ...placed, verdicts };
}

/** The address's search with a change; what is empty is left out. */
export function writeDeliveryFilters(
  search: URLSearchParams,
  change: Partial<ChosenDeliveries>,
): URLSearchParams {
  const { verdicts, ...placed } = { ...readDeliveryFilters(search), ...change };
  const next = writeFilters(search, { ...placed, statuses: [] });
  if (verdicts.length > 0) next.set("verdict", verdicts.join(","));
  return next;
}

export function isDeliveriesFiltered({ verdicts, ...placed }: ChosenDeliveries): boolean {
  return verdicts.length > 0 || isPlaced(placed);
}

/** As the API takes it. */
export function toDeliveryFilter({ verdicts, ...placed }: ChosenDeliveries, now: number): DeliveryFilter {
  const { status: _, ...filter } = toRunFilter({ ...placed, statuses: [] }, now);
  return { ...filter, verdict: verdicts.join(",") || undefined };
}
