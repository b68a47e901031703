// What is in the way of publishing, each a way to the step and field that it is about.

import { Modal, Text } from "@mantine/core";
import type { Problem } from "../../shared/problem.ts";
import { useView } from "./editor-view.ts";
import { useJump } from "./jump.ts";
import classes from "./ProblemsDialog.module.css";
import { useProblems } from "./problems.ts";
import { useTools } from "./tools.ts";

export function ProblemsDialog() {
  const opened = useView((state) => state.dialog === "problems");
  const problems = useProblems();
  const { view } = useTools();
  const close = () => view.getState().set({ dialog: null });
  return (
    <Modal
      opened={opened}
      onClose={close}
      size="lg"
      title={problems.length === 0 ? "Nothing is in the way" : "Before it can be published"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {problems.length === 0 ? (
        <Text size="sm">This draft can be published as it is.</Text>
      ) : (
        <ProblemLinks problems={problems} onGo={close} />
      )}
    </Modal>
  );
}

/** `onGo` comes before the jump, so that a dialog does not hold the focus. */
export function ProblemLinks({ problems, onGo }: { problems: readonly Problem[]; onGo: () => void }) {
  const jump = useJump();
  return (
    <ul className={classes.list} aria-label="Problems">
      {problems.map((problem) => {
        const { stepId, code, field, sentence, hint } = problem;
        return (
          <li key={`${code} ${stepId} ${field} ${sentence}`}>
            <button
              type="button"
              className={classes.problem}
              onClick={() => {
                onGo();
                jump(problem);
              }}
            >
              <span className={classes.sentence}>{sentence}</span>
              {hint && <span className={classes.hint}>{hint}</span>}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
