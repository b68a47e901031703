// The newest runs that failed, each with its reason; the row leads to the run.

import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { HealthView } from "../api/health.ts";
import { Ago } from "../ui/Ago.tsx";
import { Card } from "../ui/Card.tsx";
import classes from "./Health.module.css";

export function FailedRuns({ runs }: { runs: HealthView["failedRuns"] }) {
  return (
    <Card
      flush
      title="Runs that failed last"
      aside={
        runs.length > 0 && (
          <Anchor component={Link} to="/runs?status=failed" fz="sm">
            Show all
          </Anchor>
        )
      }
    >
      {runs.length === 0 ? (
        <p className={classes.none}>No run has failed. When one does, it stands here with its reason.</p>
      ) : (
        <ul className={classes.list} aria-label="Runs that failed last">
          {runs.map(({ runId, flowName, problem, finishedAt, createdAt }) => (
            <li key={runId} className={classes.row}>
              <div className={classes.rowMain}>
                <Link to={`/runs/${runId}`} className={classes.rowLink}>
                  {flowName}
                </Link>
                <span className={classes.rowDetail}>{problem?.sentence ?? "It gave no reason."}</span>
              </div>
              <span className={classes.rowWhen}>
                <Ago at={finishedAt ?? createdAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
