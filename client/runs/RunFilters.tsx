// The controls above a list of runs.

import { MultiSelect } from "@mantine/core";
import { RunStatus } from "../../shared/run.ts";
import { RUN_STATUSES, runLook } from "../ui/status.ts";
import classes from "./ListFilters.module.css";
import { ListFilters } from "./ListFilters.tsx";
import { type Chosen, isFiltered, NOT_PLACED } from "./run-filters.ts";

const statuses = RUN_STATUSES.map((status) => ({ value: status, label: runLook[status].label }));

export function RunFilters(props: {
  chosen: Chosen;
  onChange: (change: Partial<Chosen>) => void;
  withFlow: boolean;
}) {
  const { chosen, onChange, withFlow } = props;
  const flowId = withFlow ? "" : chosen.flowId;
  return (
    <ListFilters
      chosen={chosen}
      onChange={onChange}
      what="runs"
      placeholder="Search in events"
      withFlow={withFlow}
      onClear={
        isFiltered(withFlow ? chosen : { ...chosen, flowId: "" })
          ? () => onChange({ ...NOT_PLACED, flowId, statuses: [] })
          : undefined
      }
    >
      <MultiSelect
        className={classes.kind}
        aria-label="Status"
        placeholder={chosen.statuses.length === 0 ? "Any status" : undefined}
        clearable
        data={statuses}
        value={chosen.statuses}
        onChange={(values) =>
          onChange({
            statuses: values
              .filter((value) => RunStatus.safeParse(value).success)
              .map((v) => RunStatus.parse(v)),
          })
        }
      />
    </ListFilters>
  );
}
