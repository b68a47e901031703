// What keeps a draft from being published, each with the step it is about and the next move.

import { type Graph, stepOf } from "../../shared/graph.ts";
import type { Problem } from "../../shared/problem.ts";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import classes from "./ProblemList.module.css";

export function ProblemList({ graph, problems }: { graph: Graph; problems: Problem[] }) {
  return (
    <ul className={classes.list} aria-label="Problems">
      {problems.map((problem) => {
        const step = problem.stepId === undefined ? undefined : stepOf(graph, problem.stepId);
        return (
          <li key={`${problem.code} ${problem.stepId} ${problem.field} ${problem.sentence}`}>
            <ProblemNote tone="amber" sentence={problem.sentence} hint={problem.hint}>
              {step && !problem.sentence.includes(step.name) && (
                <p className={classes.where}>In the step “{step.name}”.</p>
              )}
            </ProblemNote>
          </li>
        );
      })}
    </ul>
  );
}
