// The event of a run, first in its list: the body, and for a webhook what came around it.

import { Tabs } from "@mantine/core";
import { stepOf, TRIGGER_ID } from "../../shared/graph.ts";
import { ConnectorIcon } from "../ui/ConnectorIcon.tsx";
import { Data } from "../ui/Data.tsx";
import { bytesText, momentText } from "../ui/time.ts";
import { Opener } from "./Opener.tsx";
import classes from "./StepList.module.css";
import type { RunFrame } from "./StepList.tsx";

export function EventItem({ frame }: { frame: RunFrame }) {
  const { run, manifests, selected } = frame;
  const { event } = run;
  const step = stepOf(run.graph, TRIGGER_ID);
  const does = (step && manifests.triggers.get(step.uses)?.name) ?? "Event";
  return (
    <li className={classes.entry}>
      <Opener
        icon={<ConnectorIcon uses={step?.uses ?? ""} manifests={manifests} size={30} />}
        name={step?.name ?? "Event"}
        does={`${does} · ${momentText(event.at)}`}
        figure={event.bytes === null ? "" : bytesText(event.bytes)}
        selected={selected === TRIGGER_ID}
        startOpen={false}
      >
        <Parts data={event.data} />
      </Opener>
    </li>
  );
}

const PARTS = [
  { key: "body", label: "Body" },
  { key: "headers", label: "Headers" },
  { key: "query", label: "Query" },
];

/** A webhook's data in parts; any other event's as a whole. */
function Parts({ data }: { data: unknown }) {
  if (typeof data !== "object" || data === null || !("body" in data))
    return <Data value={data} what="Event" />;
  const parts = new Map<string, unknown>(Object.entries(data));
  const shown = PARTS.filter(({ key }) => key === "body" || !isNothing(parts.get(key)));
  return (
    <Tabs defaultValue="body" variant="pills" classNames={{ tab: classes.tab }}>
      <Tabs.List mb={8}>
        {shown.map(({ key, label }) => (
          <Tabs.Tab key={key} value={key}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {shown.map(({ key, label }) => (
        <Tabs.Panel key={key} value={key}>
          <Data value={parts.get(key)} what={label} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function isNothing(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0)
  );
}
