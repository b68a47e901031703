// A status as a small coloured word with a dot; the dot breathes while something is going on.

import type { FlowStatus } from "../../shared/flow.ts";
import type { RunStatus, StepStatus } from "../../shared/run.ts";
import classes from "./StatusBadge.module.css";
import { flowLook, runLook, stepLook, type Tone } from "./status.ts";

export function FlowBadge({ status }: { status: FlowStatus }) {
  return <Badge {...flowLook[status]} />;
}

export function RunBadge({ status, large }: { status: RunStatus; large?: boolean }) {
  return <Badge {...runLook[status]} large={large} />;
}

export function StepBadge({ status, label }: { status: StepStatus; label?: string }) {
  const look = stepLook[status];
  return <Badge {...look} label={label ?? look.label} />;
}

export function Badge(props: {
  label: string;
  tone: Tone;
  moving?: boolean | undefined;
  large?: boolean | undefined;
}) {
  return (
    <span className={classes.badge} data-tone={props.tone} data-large={props.large || undefined}>
      <span className={classes.dot} data-moving={props.moving || undefined} aria-hidden="true" />
      {props.label}
    </span>
  );
}
