// What is under way at this moment, by state, and the run that has waited longest to be begun.

import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { HealthView } from "../api/health.ts";
import { Card } from "../ui/Card.tsx";
import { RunBadge } from "../ui/StatusBadge.tsx";
import { countText } from "../ui/time.ts";
import classes from "./Health.module.css";
import { countOf, spanText } from "./health-words.ts";

const STATES = [
  { status: "queued", text: "taken, not begun yet" },
  { status: "running", text: "being carried out" },
  { status: "waiting", text: "for a time that was set, or to try again" },
  { status: "asking", text: "for your decision about a step" },
] as const;

export function Backlog({ health }: { health: HealthView }) {
  const { backlog, oldestQueued, jobs, at } = health;
  return (
    <Card title="Right now">
      <ul className={classes.states} aria-label="Runs that have not ended">
        {STATES.map(({ status, text }) => (
          <li key={status} className={classes.state}>
            <RunBadge status={status} />
            <span className={classes.stateText}>{text}</span>
            {backlog[status] === 0 ? (
              <span className={`${classes.number} tabular`}>0</span>
            ) : (
              <Anchor
                component={Link}
                to={`/runs?status=${status}`}
                className={`${classes.number} tabular`}
                aria-label={`${countOf(backlog[status], "run")} ${status}: show`}
              >
                {countText(backlog[status])}
              </Anchor>
            )}
          </li>
        ))}
      </ul>
      <p className={classes.small}>
        {oldestQueued ? (
          <>
            The oldest has waited for {spanText(Math.max(0, at - oldestQueued.createdAt))}:{" "}
            <Anchor component={Link} to={`/runs/${oldestQueued.runId}`} fz="inherit" underline="always">
              {oldestQueued.flowName}
            </Anchor>
            .
          </>
        ) : (
          "No run waits to be begun."
        )}{" "}
        The queue holds {countOf(jobs.waiting, "job")}, for now or for later.
      </p>
    </Card>
  );
}
