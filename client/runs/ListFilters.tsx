// The controls above a list of runs or of deliveries. A typed text is taken over after a short pause.

import { Button, MultiSelect, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useFlows } from "../api/flows.ts";
import classes from "./ListFilters.module.css";
import { isPlaced, NOT_PLACED, PERIODS, type Placed } from "./run-filters.ts";

export function ListFilters<Kind extends string>(props: {
  chosen: Placed;
  onChange: (change: Partial<Placed>) => void;
  /** What is filtered, such as “runs”. */
  what: string;
  /** What the text is looked for in. */
  placeholder: string;
  /** On a flow's own page there is nothing to choose. */
  withFlow: boolean;
  /** The filter that only this list has, such as by status. */
  kind: {
    label: string;
    /** In place of a choice. */
    any: string;
    options: { value: Kind; label: string }[];
    chosen: Kind[];
    choose: (kinds: Kind[]) => void;
  };
  /** Gets what the filters of every list are when none is set. */
  onClear: (cleared: Placed) => void;
}) {
  const { chosen, onChange, withFlow, kind } = props;
  const flows = useFlows();
  const [text, setText] = useState(chosen.text);
  const search = useDebouncedCallback((next: string) => onChange({ text: next }), 300);
  const isAny = kind.chosen.length > 0 || isPlaced(withFlow ? chosen : { ...chosen, flowId: "" });
  return (
    <search className={classes.filters} aria-label={`Filter ${props.what}`}>
      <TextInput
        className={classes.text}
        aria-label={`Search in ${props.what}`}
        placeholder={props.placeholder}
        leftSection={<IconSearch size={16} aria-hidden="true" />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          search(event.currentTarget.value);
        }}
      />
      {withFlow && (
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
        className={classes.kind}
        aria-label={kind.label}
        placeholder={kind.chosen.length === 0 ? kind.any : undefined}
        clearable
        data={kind.options}
        value={kind.chosen}
        onChange={kind.choose}
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
      {isAny && (
        <Button
          variant="subtle"
          leftSection={<IconX size={15} aria-hidden="true" />}
          onClick={() => {
            setText("");
            props.onClear(withFlow ? NOT_PLACED : { ...NOT_PLACED, flowId: chosen.flowId });
          }}
        >
          Clear
        </Button>
      )}
    </search>
  );
}
