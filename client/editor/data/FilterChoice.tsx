// The list of filters to add to a pill: searched by name and by what they do, each with what it would give.

import { Combobox, ScrollArea, TextInput, useCombobox } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { FILTERS } from "../../../shared/filters.ts";
import { FILTER_GROUPS, type Filter } from "../../../shared/filters-kit.ts";
import type { FilterText } from "../../../shared/template.ts";
import { useDataPlace } from "./data-place.ts";
import classes from "./PillDialog.module.css";
import { filterTexts, readPill, showValue, withFilters } from "./template-pills.ts";
import { lineOf } from "./value-text.ts";

const GROUP_WORDS: Record<(typeof FILTER_GROUPS)[number], string> = {
  text: "Text",
  number: "Numbers",
  date: "Dates and times",
  list: "Lists",
  JSON: "JSON",
  encode: "Encoding",
  hash: "Hashes",
};

export function FilterChoice(props: { source: string; onChoose: (filter: FilterText) => void }) {
  const [query, setQuery] = useState("");
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const wanted = query.trim().toLowerCase();
  const found = FILTERS.filter(
    ({ name, summary }) => name.includes(wanted) || summary.toLowerCase().includes(wanted),
  );
  return (
    <Combobox
      store={combobox}
      withinPortal={false}
      onOptionSubmit={(name) => {
        const filter = FILTERS.find((one) => one.name === name);
        if (filter) props.onChoose(startOf(filter));
        setQuery("");
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target>
        <TextInput
          size="xs"
          leftSection={<IconPlus size={14} />}
          placeholder="Add a filter: upper, date, round…"
          aria-label="Add a filter"
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            combobox.openDropdown();
            combobox.selectFirstOption();
          }}
          onClick={() => combobox.openDropdown()}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options>
          <ScrollArea.Autosize mah={240} type="scroll">
            {FILTER_GROUPS.map((group) => {
              const ofGroup = found.filter((filter) => filter.group === group);
              if (ofGroup.length === 0) return null;
              return (
                <Combobox.Group key={group} label={GROUP_WORDS[group]}>
                  {ofGroup.map((filter) => (
                    <Combobox.Option key={filter.name} value={filter.name}>
                      <Choice filter={filter} source={props.source} />
                    </Combobox.Option>
                  ))}
                </Combobox.Group>
              );
            })}
            {found.length === 0 && <Combobox.Empty>No filter does that.</Combobox.Empty>}
          </ScrollArea.Autosize>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function Choice({ filter, source }: { filter: Filter; source: string }) {
  const { scope, now } = useDataPlace();
  const pill = readPill(source, 0);
  const shown = pill && showValue(withFilters(pill, [...filterTexts(pill), startOf(filter)]), scope, now);
  return (
    <>
      <span className={classes.name}>{filter.name}</span>
      {shown?.ok && <span className={classes.would}>{lineOf(shown.value, 30)}</span>}
      <p className={classes.about}>{filter.summary}</p>
    </>
  );
}

/** A new filter, its arguments as in its own first example. */
function startOf(filter: Filter): FilterText {
  const needed = filter.takes.filter(({ optional }) => !optional).length;
  if (needed === 0) return { name: filter.name };
  const example = filter.examples.map(({ template }) => readPill(template, 0)).find((pill) => pill);
  const shown = example && filterTexts(example).find(({ name }) => name === filter.name);
  const args = (shown?.args ?? []).slice(0, needed).map((arg) => (typeof arg === "object" ? "" : arg));
  return { name: filter.name, args: filter.takes.slice(0, needed).map((_, index) => args[index] ?? "") };
}
