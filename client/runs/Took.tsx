// How long a run took, or has been going.

import type { RunStatus } from "../../shared/run.ts";
import { useNow } from "../ui/Ago.tsx";
import { agoText, durationText } from "../ui/time.ts";

interface Times {
  status: RunStatus;
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  wakeAt: number | null;
}

export function Took({ run }: { run: Times }) {
  if (run.finishedAt !== null) return durationText(run.finishedAt - (run.startedAt ?? run.createdAt));
  if (run.status === "waiting") return run.wakeAt === null ? "in line" : <GoesOn at={run.wakeAt} />;
  if (run.startedAt === null) return "–";
  return <SoFar since={run.startedAt} />;
}

function GoesOn({ at }: { at: number }) {
  const now = useNow();
  return at > now ? `goes on ${agoText(at, now)}` : "goes on now";
}

function SoFar({ since }: { since: number }) {
  return durationText(Math.max(0, useNow() - since));
}
