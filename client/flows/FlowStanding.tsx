// How the flow stands: live or not, which version, and whether the draft went on since.

import type { FlowView } from "../api/flows.ts";
import { Badge, FlowBadge } from "../ui/StatusBadge.tsx";
import classes from "./FlowPage.module.css";

export function FlowStanding({ flow }: { flow: FlowView }) {
  return (
    <div className={classes.standing}>
      <FlowBadge status={flow.status} />
      {flow.liveNumber === null ? (
        <span>Not published yet: what arrives is kept as a sample.</span>
      ) : (
        <span>Version {flow.liveNumber}</span>
      )}
      {flow.liveNumber !== null && flow.changed && <Badge label="Unpublished changes" tone="amber" />}
      {flow.status === "paused" && <span>Paused: what arrives is kept as a sample.</span>}
    </div>
  );
}
