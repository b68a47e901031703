// Above everything else on a run's page: why it failed, or that it needs somebody.

import { Button } from "@mantine/core";
import { splitPath } from "../../shared/run.ts";
import type { RunView } from "../api/runs.ts";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import classes from "./RunPage.module.css";

export function RunNews({ run, onShow }: { run: RunView; onShow: (stepId: string) => void }) {
  const asking = run.steps.find((step) => step.status === "asking");
  const stepId = asking ? splitPath(asking.path).stepId : run.problem?.stepId;
  const show = stepId !== undefined && (
    <Button variant="default" size="compact-sm" mt={8} onClick={() => onShow(stepId)}>
      {asking ? "Decide" : "Show the step"}
    </Button>
  );
  if (run.status === "asking") {
    return (
      <div className={classes.news}>
        <ProblemNote
          tone="violet"
          sentence={run.problem?.sentence ?? "This run waits for a decision of yours."}
          hint={run.problem?.hint}
        >
          {show}
        </ProblemNote>
      </div>
    );
  }
  if (!run.problem || run.status === "succeeded") return null;
  return (
    <div className={classes.news}>
      <ProblemNote
        tone={run.status === "failed" ? "red" : "amber"}
        sentence={run.problem.sentence}
        hint={run.problem.hint}
      >
        {show}
      </ProblemNote>
    </div>
  );
}
