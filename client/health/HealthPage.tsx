// Is everything running? One sentence, and below it what that sentence rests on.

import { useHealth } from "../api/health.ts";
import { LoadFailed } from "../ui/LoadFailed.tsx";
import { Page } from "../ui/Page.tsx";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import { RowsSkeleton } from "../ui/Skeletons.tsx";
import { HealthReport } from "./HealthReport.tsx";

export function HealthPage() {
  const health = useHealth();
  return (
    <Page title="Health" sub="How this installation is doing; looks again every five seconds">
      {!health.data ? (
        health.error ? (
          <LoadFailed error={health.error} again={() => void health.refetch()} />
        ) : (
          <RowsSkeleton rows={6} />
        )
      ) : (
        <>
          {health.error && (
            <ProblemNote
              urgent
              sentence="The server does not answer now."
              hint="What stands here is how it was a moment ago. The page goes on asking."
            />
          )}
          <HealthReport health={health.data} />
        </>
      )}
    </Page>
  );
}
