// One run: how it stands, the way it took through its version's graph, and every step with what went in and out.

import { Anchor, Skeleton } from "@mantine/core";
import { useMemo } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import type { Manifests } from "../../shared/manifest.ts";
import { splitPath } from "../../shared/run.ts";
import { useManifests } from "../api/connectors.ts";
import { type RunView, useRun } from "../api/runs.ts";
import { Canvas } from "../editor/Canvas.tsx";
import { Card } from "../ui/Card.tsx";
import { Data } from "../ui/Data.tsx";
import { LoadFailed } from "../ui/LoadFailed.tsx";
import { Page } from "../ui/Page.tsx";
import { RunActions } from "./RunActions.tsx";
import { RunNews } from "./RunNews.tsx";
import classes from "./RunPage.module.css";
import { RunStanding } from "./RunStanding.tsx";
import { StepList } from "./StepList.tsx";
import { marksOf, pathFor } from "./step-tree.ts";
import { Timeline } from "./Timeline.tsx";

export function RunPage() {
  const { runId = "" } = useParams();
  const run = useRun(runId);
  const manifests = useManifests();
  const error = run.error ?? manifests.error;
  const back = { to: "/runs", label: "Runs" };

  if (error && (!run.data || !manifests.data)) {
    return (
      <Page title="Run" heading={null} back={back}>
        <LoadFailed
          error={error}
          again={() => {
            void run.refetch();
            void manifests.refetch();
          }}
        />
      </Page>
    );
  }
  if (!run.data || !manifests.data) {
    return (
      <Page title="Run" back={back} sub={<Skeleton height={26} width={260} />}>
        <Skeleton height={480} radius="lg" />
      </Page>
    );
  }
  return (
    <Page
      title={`Run of ${run.data.flowName}`}
      heading={
        <h1 className={classes.heading}>
          Run of{" "}
          <Anchor component={Link} to={`/flows/${run.data.flowId}`} inherit c="inherit">
            {run.data.flowName}
          </Anchor>
        </h1>
      }
      back={back}
      sub={<RunStanding run={run.data} />}
      actions={<RunActions run={run.data} key={run.data.id} />}
    >
      <Inside run={run.data} manifests={manifests.data} />
    </Page>
  );
}

function Inside({ run, manifests }: { run: RunView; manifests: Manifests }) {
  const [search, setSearch] = useSearchParams();
  const asked = search.get("step") ?? undefined;
  const selected = asked === undefined ? undefined : pathFor(asked, run.steps);
  const marks = useMemo(() => marksOf(run.graph, run.steps), [run.graph, run.steps]);
  const select = (step: string) => setSearch({ step }, { replace: true, preventScrollReset: true });
  return (
    <>
      <RunNews run={run} onShow={select} />
      <div className={classes.columns}>
        <div className={classes.map}>
          <Card flush title="The way it took">
            <div className={classes.canvas}>
              <Canvas
                graph={run.graph}
                manifests={manifests}
                marks={marks}
                selected={selected && splitPath(selected).stepId}
                onSelect={select}
                label="Graph of this run"
              />
            </div>
          </Card>
        </div>
        <div className={classes.side}>
          {run.steps.some((step) => step.startedAt !== null) && (
            <Card flush title="Timeline">
              <Timeline run={run} manifests={manifests} selected={selected} onSelect={select} />
            </Card>
          )}
          <Card flush title="Steps" aside={<span className={classes.hint}>Open one to see its data</span>}>
            <StepList run={run} manifests={manifests} selected={selected} />
          </Card>
          {run.response && (
            <Card title={`Answered the caller with ${run.response.status}`}>
              <Data value={run.response.body} what="Answer" />
            </Card>
          )}
        </div>
      </div>
    </>
  );
}
