// The controls above a list of runs.

import { RunStatus } from "../../shared/run.ts";
import { runLook } from "../ui/status.ts";
import { ListFilters } from "./ListFilters.tsx";
import type { Chosen } from "./run-filters.ts";

const statuses = RunStatus.options.map((value) => ({ value, label: runLook[value].label }));

export function RunFilters(props: {
  chosen: Chosen;
  onChange: (change: Partial<Chosen>) => void;
  withFlow: boolean;
}) {
  const { chosen, onChange } = props;
  return (
    <ListFilters
      {...props}
      what="runs"
      placeholder="Search in events"
      kind={{
        label: "Status",
        any: "Any status",
        options: statuses,
        chosen: chosen.statuses,
        choose: (kinds) => onChange({ statuses: kinds }),
      }}
      onClear={(cleared) => onChange({ ...cleared, statuses: [] })}
    />
  );
}
