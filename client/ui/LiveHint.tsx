// Says so when what is on the screen may be behind: nothing is shown while all is well.

import { useLiveState } from "../api/live.ts";
import { Badge } from "./StatusBadge.tsx";

export function LiveHint() {
  const state = useLiveState();
  if (state !== "reconnecting") return null;
  return (
    <span role="status">
      <Badge label="Reconnecting…" tone="amber" moving />
    </span>
  );
}
