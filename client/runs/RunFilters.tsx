// The controls above a list of runs. A typed text is taken over after a short pause.

import { Button, MultiSelect, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { RunStatus } from "../../shared/run.ts";
import { useFlows } from "../api/flows.ts";
import { RUN_STATUSES, runLook } from "../ui/status.ts";
import classes from "./RunFilters.module.css";
import { type Chosen, isFiltered, PERIODS } from "./run-filters.ts";

const statuses = RUN_STATUSES.map((status) => ({ value: status, label: runLook[status].label }));

export function RunFilters(props: {
  chosen: Chosen;
  onChange: (change: Partial<Chosen>) => void;
  /** On a flow's own page there is nothing to choose. */
  withFlow: boolean;
}) {
  const { chosen, onChange } = props;
  const flows = useFlows();
  const [text, setText] = useState(chosen.text);
  const search = useDebouncedCallback((next: string) => onChange({ text: next }), 300);
  return (
    <search className={classes.filters} aria-label="Filter runs">
      <TextInput
        className={classes.text}
        aria-label="Search in runs"
        placeholder="Search in events"
        leftSection={<IconSearch size={16} aria-hidden="true" />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          search(event.currentTarget.value);
        }}
      />
      {props.withFlow && (
        <Select
          className={classes.flow}
          aria-label="Flow"
          placeholder="All flows"
          clearable
          searchable
          data={(flows.data ?? []).map((flow) => ({ value: flow.id, label: flow.name }))}
          value={chosen.flowId || null}
          onChange={(value) => onChange({ flowId: value ?? "" })}
        />
      )}
      <MultiSelect
        className={classes.status}
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
      <Select
        className={classes.period}
        aria-label="When"
        allowDeselect={false}
        data={PERIODS.map(({ value, label }) => ({ value, label }))}
        value={chosen.period}
        onChange={(value) => onChange({ period: value ?? "any" })}
      />
      {chosen.period === "days" && (
        <>
          <TextInput
            type="date"
            aria-label="From day"
            max={chosen.to || undefined}
            value={chosen.from}
            onChange={(event) => onChange({ from: event.currentTarget.value })}
          />
          <TextInput
            type="date"
            aria-label="To day"
            min={chosen.from || undefined}
            value={chosen.to}
            onChange={(event) => onChange({ to: event.currentTarget.value })}
          />
        </>
      )}
      {isFiltered(props.withFlow ? chosen : { ...chosen, flowId: "" }) && (
        <Button
          variant="subtle"
          leftSection={<IconX size={15} aria-hidden="true" />}
          onClick={() => {
            setText("");
            onChange({
              flowId: props.withFlow ? "" : chosen.flowId,
              statuses: [],
              text: "",
              period: "any",
              from: "",
              to: "",
            });
          }}
        >
          Clear
        </Button>
      )}
    </search>
  );
}
