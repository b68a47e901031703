// Everything that can be a step, by connector, with a search: the palette beside the canvas, and the list at a port.

import { TextInput } from "@mantine/core";
import { IconBolt, IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useMemo, useState } from "react";
import type { Manifests } from "../../shared/manifest.ts";
import { ConnectorIcon } from "../ui/ConnectorIcon.tsx";
import { type PickerGroup, pickerGroups } from "./picker-groups.ts";
import classes from "./StepPicker.module.css";

export interface StepPickerProps {
  manifests: Manifests;
  onPick: (uses: string) => void;
  /** Triggers are shown as well. */
  triggers: boolean;
  /** Entries can be dragged away: says which one is, and null when it was dropped. */
  onCarry?: (uses: string | null) => void;
  /** The search field gets the focus as soon as it is there. */
  searching?: boolean;
}

export function StepPicker({ manifests, onPick, triggers, onCarry, searching = false }: StepPickerProps) {
  const [search, setSearch] = useState("");
  const groups = useMemo(() => pickerGroups(manifests, search, triggers), [manifests, search, triggers]);
  const first = groups[0]?.items[0];

  /** Up and down go through the entries, from the search field on. */
  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("input, [data-pick]")];
    const active = document.activeElement;
    const now = active instanceof HTMLElement ? stops.indexOf(active) : -1;
    stops[Math.max(0, Math.min(stops.length - 1, now + (event.key === "ArrowDown" ? 1 : -1)))]?.focus();
    event.preventDefault();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only passes the arrow keys on to what is inside
    <div className={classes.picker} onKeyDown={onKeyDown}>
      <TextInput
        autoFocus={searching}
        className={classes.search}
        placeholder="Search steps"
        aria-label="Search steps"
        leftSection={<IconSearch size={16} aria-hidden="true" />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && first && search !== "") onPick(first.uses);
        }}
      />
      <div className={classes.groups}>
        {groups.map((group) => (
          <Group key={group.key} group={group} manifests={manifests} onPick={onPick} onCarry={onCarry} />
        ))}
        {groups.length === 0 && (
          <p className={classes.nothing}>
            Nothing is called that. To talk to any service that has an API, use “Send a request”.
          </p>
        )}
      </div>
    </div>
  );
}

function Group(props: { group: PickerGroup } & Pick<StepPickerProps, "manifests" | "onPick" | "onCarry">) {
  const { group, manifests, onPick, onCarry } = props;
  return (
    <section aria-label={group.name} className={classes.group}>
      <h3 className={classes.name}>{group.name}</h3>
      <ul className={classes.list}>
        {group.items.map((item) => (
          <li key={item.uses}>
            <button
              type="button"
              className={classes.item}
              data-pick={item.uses}
              title={item.description}
              draggable={onCarry !== undefined}
              onDragStart={(event) => {
                event.dataTransfer.setData("text/plain", item.name);
                event.dataTransfer.effectAllowed = "copy";
                onCarry?.(item.uses);
              }}
              onDragEnd={() => onCarry?.(null)}
              onClick={() => onPick(item.uses)}
            >
              <ConnectorIcon uses={item.uses} manifests={manifests} size={28} />
              <span className={classes.words}>
                <span className={classes.what}>{item.name}</span>
                {item.isTrigger && <IconBolt size={13} aria-label="starts a flow" className={classes.bolt} />}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
