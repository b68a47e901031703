// One pill opened: what it reads, the filters that change it with their settings, and the result after each of them.

import { ActionIcon, Button, CloseButton, Group, Popover, Portal, Stack, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { findFilter } from "../../../shared/filters.ts";
import type { FilterText } from "../../../shared/template.ts";
import { useDataPlace } from "./data-place.ts";
import { FilterChoice } from "./FilterChoice.tsx";
import classes from "./PillDialog.module.css";
import type { PillPlace } from "./pill-view.ts";
import {
  type Argument,
  argumentOf,
  argumentText,
  filterTexts,
  pillFault,
  pillWords,
  readPill,
  showValue,
  withFilters,
} from "./template-pills.ts";
import { lineOf } from "./value-text.ts";

export function PillDialog(props: {
  at: PillPlace;
  onChange: (source: string) => void;
  onClose: () => void;
}) {
  const { names } = useDataPlace();
  const [source, setSource] = useState(props.at.pill.source);
  // Where the pill stands; drawing it anew replaces its element.
  const [rect] = useState(() => props.at.element.getBoundingClientRect());
  const pill = readPill(source, 0);
  const whole = pill?.to === source.length ? pill : undefined;

  function change(next: string): void {
    setSource(next);
    const read = readPill(next, 0);
    if (read?.to === next.length) props.onChange(next);
  }

  const filters = whole ? filterTexts(whole) : [];
  const setFilters = (next: FilterText[]) => whole && change(withFilters(whole, next));
  const words = whole && pillWords(whole, names);
  const fault = whole ? pillFault(whole, names) : "This cannot be read as data of a step yet.";
  return (
    <Popover
      opened
      onChange={(opened) => !opened && props.onClose()}
      position="left-start"
      offset={12}
      width={340}
      shadow="lg"
      trapFocus
      withinPortal
      returnFocus={false}
    >
      <Portal>
        <Popover.Target>
          <span
            className={classes.anchor}
            style={{ left: rect.left, top: rect.top, width: rect.width, height: rect.height }}
          />
        </Popover.Target>
      </Portal>
      <Popover.Dropdown className={classes.dialog} aria-label="Inserted data">
        <div className={classes.head}>
          <p className={classes.title}>
            <b>{words?.step}</b>
            {words?.path && <> › {words.path}</>}
          </p>
          <CloseButton size="sm" aria-label="Close" onClick={props.onClose} />
        </div>
        <Worth source={whole ? withFilters(whole, []) : ""} />
        <Stack gap={8} mt={10}>
          {filters.map((filter, index) => (
            <OneFilter
              // biome-ignore lint/suspicious/noArrayIndexKey: a filter is its place in the chain
              key={`${index} ${filter.name}`}
              filter={filter}
              onChange={(next) => setFilters(filters.map((one, at) => (at === index ? next : one)))}
              onRemove={() => setFilters(filters.filter((_, at) => at !== index))}
              source={whole ? withFilters(whole, filters.slice(0, index + 1)) : ""}
            />
          ))}
          {whole && <FilterChoice source={source} onChoose={(filter) => setFilters([...filters, filter])} />}
        </Stack>
        {fault && <p className={classes.fault}>{fault}</p>}
        <TextInput
          mt="sm"
          size="xs"
          label="As text"
          value={source}
          onChange={(event) => change(event.currentTarget.value)}
          classNames={{ input: classes.raw ?? "" }}
        />
        <Group mt="sm" justify="space-between">
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            onClick={() => {
              props.onChange("");
              props.onClose();
            }}
          >
            Remove
          </Button>
          <Button size="compact-sm" onClick={props.onClose}>
            Done
          </Button>
        </Group>
      </Popover.Dropdown>
    </Popover>
  );
}

function OneFilter(props: {
  filter: FilterText;
  source: string;
  onChange: (filter: FilterText) => void;
  onRemove: () => void;
}) {
  const { names } = useDataPlace();
  const { name, args = [] } = props.filter;
  const known = findFilter(name);
  return (
    <section className={classes.filter} aria-label={`Filter ${name}`}>
      <Group gap={6} wrap="nowrap" justify="space-between">
        <div>
          <span className={classes.name}>{name}</span>
          <p className={classes.about}>{known?.summary ?? "There is no such filter."}</p>
        </div>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={`Remove the filter ${name}`}
          onClick={props.onRemove}
        >
          <IconTrash size={14} />
        </ActionIcon>
      </Group>
      {known?.takes.map((parameter, index) => (
        <TextInput
          key={parameter.name}
          size="xs"
          mt={6}
          label={parameter.name}
          required={!parameter.optional}
          placeholder={parameter.choices?.join(", ") ?? (parameter.optional ? "may be left out" : undefined)}
          defaultValue={argumentText(args[index] ?? "")}
          onChange={(event) => {
            const typed = event.currentTarget.value;
            const next: Argument[] = known.takes.map((_, at) => args[at] ?? "");
            next[index] = argumentOf(typed, parameter.kind, names);
            props.onChange({ name, args: withoutEmptyEnd(next, known.takes) });
          }}
        />
      ))}
      <Worth source={props.source} />
    </section>
  );
}

/** What may be left out and is empty is left out, from the end. */
function withoutEmptyEnd<T>(args: T[], takes: readonly { optional?: true }[]): T[] {
  let length = args.length;
  while (length > 0 && args[length - 1] === "" && takes[length - 1]?.optional) length--;
  return args.slice(0, length);
}

function Worth({ source }: { source: string }) {
  const { scope, now } = useDataPlace();
  if (source === "") return null;
  const shown = showValue(source, scope, now);
  return (
    <p className={shown.ok ? classes.worth : classes.fault} role="status">
      {shown.ok ? `= ${lineOf(shown.value, 120)}` : shown.sentence}
    </p>
  );
}
