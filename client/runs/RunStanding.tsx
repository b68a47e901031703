// The run in one line: status, when, how long, through which version, of which request.

import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { RunView } from "../api/runs.ts";
import { Ago } from "../ui/Ago.tsx";
import { RunBadge } from "../ui/StatusBadge.tsx";
import classes from "./RunPage.module.css";
import { Took } from "./Took.tsx";

export function RunStanding({ run }: { run: RunView }) {
  const open = run.finishedAt === null;
  return (
    <div className={classes.standing}>
      <span role="status" aria-label="Status of the run">
        <RunBadge status={run.status} large />
      </span>
      <span>
        Began <Ago at={run.createdAt} />
      </span>
      {run.status === "waiting" && run.wakeAt === null && (
        <span>In line: it begins when earlier runs of this flow have ended</span>
      )}
      {run.startedAt !== null && (
        <span className="tabular">
          {open ? "" : "Took "}
          <Took run={run} />
          {open && run.status === "running" ? " so far" : ""}
        </span>
      )}
      {run.versionNumber === null ? (
        <span>Draft</span>
      ) : (
        <Anchor component={Link} to={`/flows/${run.flowId}/versions`} fz="inherit">
          Version {run.versionNumber}
        </Anchor>
      )}
      {run.event.kind === "webhook" && !run.replayOf && (
        <Anchor component={Link} to={`/deliveries/${run.id}`} fz="inherit">
          The request as it came
        </Anchor>
      )}
      {run.replayOf && (
        <Anchor component={Link} to={earlierPath(run.replayOf)} fz="inherit">
          {run.replayOf.startsWith("run_") ? "Runs an earlier event again" : "Started from the inbox"}
        </Anchor>
      )}
    </div>
  );
}

/** Where the page is of what was run: a run, or a delivery that had become none. */
function earlierPath(id: string): string {
  return id.startsWith("run_") ? `/runs/${id}` : `/deliveries/${id}`;
}
