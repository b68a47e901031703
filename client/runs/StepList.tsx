// The run as a list: the event, then its steps in the order they began, the items of a loop under it.

import type { Manifests } from "../../shared/manifest.ts";
import type { RunView } from "../api/runs.ts";
import { useNow } from "../ui/Ago.tsx";
import { EventItem } from "./EventItem.tsx";
import { StepItem } from "./StepItem.tsx";
import classes from "./StepList.module.css";
import { treeOf } from "./step-tree.ts";

export interface RunFrame {
  run: RunView;
  manifests: Manifests;
  /** A step's id, chosen on the canvas. */
  selected: string | undefined;
  /** The run's line of time. */
  from: number;
  to: number;
}

export function StepList(props: { run: RunView; manifests: Manifests; selected: string | undefined }) {
  const { run } = props;
  const now = useNow();
  const from = run.startedAt ?? run.createdAt;
  const frame: RunFrame = { ...props, from, to: run.finishedAt ?? Math.max(now, from + 1) };
  const entries = treeOf(run.steps);
  return (
    <ol className={classes.list} aria-label="Steps of the run">
      <EventItem frame={frame} />
      {entries.map((entry) => (
        <StepItem key={entry.run.path} entry={entry} frame={frame} />
      ))}
      {entries.length === 0 && (
        <li className={classes.none}>
          {run.status === "queued" ? "Accepted; it begins in a moment." : "No step was run."}
        </li>
      )}
    </ol>
  );
}
