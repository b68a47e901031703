// The run as a list: the event, then its steps in the order they began, the items of a loop under it.

import type { Manifests } from "../../shared/manifest.ts";
import type { RunView } from "../api/runs.ts";
import { EventItem } from "./EventItem.tsx";
import { StepItem } from "./StepItem.tsx";
import classes from "./StepList.module.css";
import { treeOf } from "./step-tree.ts";

export interface RunFrame {
  run: RunView;
  manifests: Manifests;
  /** The path of the chosen step. */
  selected: string | undefined;
}

export function StepList(frame: RunFrame) {
  const { run } = frame;
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
