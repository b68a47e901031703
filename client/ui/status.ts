// The words and colours of every status: one place, so that a badge, a step on the canvas and a filter agree.

import type { FlowStatus } from "../../shared/flow.ts";
import type { RunStatus, StepStatus } from "../../shared/run.ts";

export type Tone = "green" | "red" | "blue" | "amber" | "violet" | "grey";

/** How a thing of a kind is shown wherever it is: its word and its colour. */
export interface Look {
  label: string;
  tone: Tone;
  /** Something is going on at this moment. */
  moving?: boolean;
}

export const flowLook: Record<FlowStatus, Look> = {
  live: { label: "Live", tone: "green" },
  paused: { label: "Paused", tone: "amber" },
  draft: { label: "Draft", tone: "grey" },
};

export const runLook: Record<RunStatus, Look> = {
  queued: { label: "Queued", tone: "grey", moving: true },
  running: { label: "Running", tone: "blue", moving: true },
  waiting: { label: "Waiting", tone: "amber" },
  asking: { label: "Needs you", tone: "violet" },
  succeeded: { label: "Succeeded", tone: "green" },
  failed: { label: "Failed", tone: "red" },
  canceled: { label: "Canceled", tone: "grey" },
};

export const stepLook: Record<StepStatus, Look> = {
  running: { label: "Running", tone: "blue", moving: true },
  waiting: { label: "Waiting", tone: "amber" },
  looping: { label: "Going through items", tone: "blue", moving: true },
  asking: { label: "Needs you", tone: "violet" },
  done: { label: "Done", tone: "green" },
  failed: { label: "Failed", tone: "red" },
  skipped: { label: "Skipped", tone: "grey" },
};
