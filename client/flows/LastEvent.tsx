// What last reached the flow, live: “waiting for an event…” turns into the event by itself.

import { Anchor, Skeleton } from "@mantine/core";
import { Link } from "react-router";
import { type FlowView, type Sample, useSamples } from "../api/flows.ts";
import { type RunRowView, useRuns } from "../api/runs.ts";
import { Ago } from "../ui/Ago.tsx";
import { Card } from "../ui/Card.tsx";
import { Data } from "../ui/Data.tsx";
import { Badge, RunBadge } from "../ui/StatusBadge.tsx";
import { bytesText } from "../ui/time.ts";
import classes from "./TriggerCard.module.css";

export function LastEvent({ flow }: { flow: FlowView }) {
  const samples = useSamples(flow.id);
  const runs = useRuns({ flowId: flow.id }, 1);
  const sample = samples.data
    ?.filter(({ from }) => from !== "made")
    .reduce<Sample | undefined>(
      (newest, one) => (newest && newest.event.at >= one.event.at ? newest : one),
      undefined,
    );
  const run = runs.data?.pages[0]?.items[0];
  return (
    <Card title="Last event" aside={sample && <Badge label="Listening" tone="blue" moving />}>
      <div aria-live="polite">
        {samples.isPending ? (
          <Skeleton height={40} />
        ) : sample ? (
          <Came sample={sample} run={run} />
        ) : (
          <Waiting flow={flow} />
        )}
      </div>
    </Card>
  );
}

function Waiting({ flow }: { flow: FlowView }) {
  return (
    <>
      <p className={`${classes.waiting} ${classes.name}`}>
        <span className={classes.pulse} aria-hidden="true" />
        Waiting for an event…
      </p>
      <p className={classes.text} style={{ marginTop: 8 }}>
        Send something to the catch URL and it appears here.
        {flow.status !== "live" &&
          " Until the flow is live it is kept as a sample to build with, and nothing runs."}
      </p>
    </>
  );
}

function Came({ sample, run }: { sample: Sample; run: RunRowView | undefined }) {
  const ownRun = run && sample.from === "run" ? run : undefined;
  return (
    <>
      <div className={classes.came}>
        <span>
          Came <Ago at={sample.event.at} />
          {sample.event.bytes !== null && ` · ${bytesText(sample.event.bytes)}`}
        </span>
        {ownRun ? (
          <Anchor component={Link} to={`/runs/${ownRun.id}`}>
            <RunBadge status={ownRun.status} />
            <span className="unseen"> See its run</span>
          </Anchor>
        ) : (
          <Badge label="Kept as a sample" tone="grey" />
        )}
      </div>
      <Data value={bodyOf(sample.event.data)} what="Last event" />
    </>
  );
}

/** Of a webhook only what was sent; the rest is on the run's page. */
function bodyOf(data: unknown): unknown {
  return typeof data === "object" && data !== null && "body" in data ? data.body : data;
}
