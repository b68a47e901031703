// One run in a list; the whole row leads to its page.

import { Link } from "react-router";
import type { RunRowView } from "../api/runs.ts";
import { Ago } from "../ui/Ago.tsx";
import rows from "../ui/RowList.module.css";
import { RunBadge } from "../ui/StatusBadge.tsx";
import { Took } from "./Took.tsx";

export function RunItem({ run, withFlow }: { run: RunRowView; withFlow: boolean }) {
  const version = run.versionNumber === null ? "draft" : `version ${run.versionNumber}`;
  return (
    <li className={`${rows.row} ${rows.item}`}>
      <span>
        <RunBadge status={run.status} />
      </span>
      <span className={rows.main}>
        <Link to={`/runs/${run.id}`} className={rows.link}>
          {withFlow ? run.flowName : run.summary || "An event without content"}
        </Link>
        <span
          className={`${rows.detail} clip`}
          data-wrong={(run.problem && run.status === "failed") || undefined}
        >
          {run.problem && run.status !== "succeeded"
            ? run.problem.sentence
            : withFlow
              ? run.summary
              : [version, run.replayOf ? "run again" : undefined].filter(Boolean).join(" · ")}
        </span>
      </span>
      <span className={rows.when}>
        <Ago at={run.createdAt} />
      </span>
      <span className={`${rows.right} ${rows.figure} tabular`}>
        <Took run={run} />
      </span>
    </li>
  );
}
