// The run in one line: status, when, how long, through which version.

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
      {run.startedAt !== null && (
        <span className="tabular">
          {open ? "" : "Took "}
          <Took run={run} />
          {open && run.status === "running" ? " so far" : ""}
        </span>
      )}
      {run.versionNumber !== null && (
        <Anchor component={Link} to={`/flows/${run.flowId}/versions`} fz="inherit">
          Version {run.versionNumber}
        </Anchor>
      )}
      {run.replayOf && (
        <Anchor component={Link} to={`/runs/${run.replayOf}`} fz="inherit">
          Runs an earlier event again
        </Anchor>
      )}
    </div>
  );
}
