// One run in a list; the whole row leads to its page.

import { Link } from "react-router";
import type { RunRowView } from "../api/runs.ts";
import { Ago } from "../ui/Ago.tsx";
import { RunBadge } from "../ui/StatusBadge.tsx";
import classes from "./RunList.module.css";
import { Took } from "./Took.tsx";

export function RunItem({ run, withFlow }: { run: RunRowView; withFlow: boolean }) {
  const version = run.versionNumber === null ? "draft" : `version ${run.versionNumber}`;
  return (
    <li className={`${classes.row} ${classes.item}`}>
      <span>
        <RunBadge status={run.status} />
      </span>
      <span className={classes.main}>
        <Link to={`/runs/${run.id}`} className={classes.link}>
          {withFlow ? run.flowName : run.summary || "An event without content"}
        </Link>
        <span className={`${classes.detail} clip`}>
          {run.problem && run.status !== "succeeded" ? (
            <span className={run.status === "failed" ? classes.problem : undefined}>
              {run.problem.sentence}
            </span>
          ) : withFlow ? (
            run.summary
          ) : (
            [version, run.replayOf ? "run again" : undefined].filter(Boolean).join(" · ")
          )}
        </span>
      </span>
      <span className={classes.when}>
        <Ago at={run.createdAt} />
      </span>
      <span className={`${classes.right} ${classes.took} tabular`}>
        <Took run={run} />
      </span>
    </li>
  );
}
