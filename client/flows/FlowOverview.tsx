// A flow at a glance: its graph, how it is started, what last came in, and what is in its way.

import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { Manifests } from "../../shared/manifest.ts";
import { type FlowView, useVersion } from "../api/flows.ts";
import { Canvas } from "../editor/Canvas.tsx";
import { Card } from "../ui/Card.tsx";
import classes from "./FlowPage.module.css";
import { LastEvent } from "./LastEvent.tsx";
import { ProblemList } from "./ProblemList.tsx";
import { TriggerCard } from "./TriggerCard.tsx";

export function FlowOverview({ flow, manifests }: { flow: FlowView; manifests: Manifests }) {
  const bothExist = flow.liveNumber !== null && flow.changed;
  const [wanted, setWanted] = useState("draft");
  const live = useVersion(flow.id, bothExist && wanted === "live" ? flow.liveNumber : null);
  const graph = bothExist && wanted === "live" && live.data ? live.data.graph : flow.draft;
  return (
    <div className={classes.columns}>
      <Card
        flush
        title="Steps"
        aside={
          bothExist && (
            <SegmentedControl
              size="xs"
              aria-label="Which graph"
              value={wanted}
              onChange={setWanted}
              data={[
                { value: "draft", label: "Draft" },
                { value: "live", label: `Live (version ${flow.liveNumber})` },
              ]}
            />
          )
        }
      >
        <div className={classes.canvas}>
          <div className={classes.canvasBody}>
            <Canvas graph={graph} manifests={manifests} label={`Graph of ${flow.name}`} />
          </div>
        </div>
      </Card>
      <div className={classes.side}>
        <TriggerCard flow={flow} manifests={manifests} />
        <LastEvent flow={flow} />
        {flow.problems.length > 0 && (
          <Card title="Before it can be published">
            <ProblemList graph={flow.draft} problems={flow.problems} />
          </Card>
        )}
      </div>
    </div>
  );
}
