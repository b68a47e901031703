// The whole report: what it comes to, the last hour, what waits, what failed, the disk, and the log's last warnings.

import type { HealthView } from "../api/health.ts";
import { Ago } from "../ui/Ago.tsx";
import { Card } from "../ui/Card.tsx";
import { countText, durationText } from "../ui/time.ts";
import { Backlog } from "./Backlog.tsx";
import { Disk } from "./Disk.tsx";
import { FailedRuns } from "./FailedRuns.tsx";
import classes from "./Health.module.css";
import { LogLines } from "./LogLines.tsx";
import { Throughput } from "./Throughput.tsx";
import { Verdict } from "./Verdict.tsx";

export function HealthReport({ health }: { health: HealthView }) {
  const { lastDay } = health;
  return (
    <div className={classes.report}>
      <Verdict health={health} />
      <Card title="The last 60 minutes">
        <Throughput minutes={health.minutes} />
      </Card>
      <div className={classes.columns}>
        <Backlog health={health} />
        <Card title="The last 24 hours">
          <dl className={classes.figures}>
            <Figure name="Events taken" value={countText(lastDay.accepted)} />
            <Figure name="Refused" value={countText(lastDay.refused)} />
            <Figure name="Succeeded" value={countText(lastDay.succeeded)} />
            <Figure name="Failed" value={countText(lastDay.failed)} />
            <Figure name="Steps done" value={countText(lastDay.steps)} />
            <Figure
              name="Average run"
              value={lastDay.averageRunMs === null ? "–" : durationText(lastDay.averageRunMs)}
            />
          </dl>
        </Card>
      </div>
      <div className={classes.columns}>
        <FailedRuns runs={health.failedRuns} />
        <LogLines lines={health.lines} />
      </div>
      <Disk disk={health.disk} />
      <p className={classes.about}>
        Flowcatch {health.version} · started <Ago at={health.since} /> · database: {health.store} · queue:{" "}
        {health.queue}
      </p>
    </div>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className={classes.figure}>
      <dt>{name}</dt>
      <dd className="tabular">{value}</dd>
    </div>
  );
}
