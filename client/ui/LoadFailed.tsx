// In place of what could not be loaded: why, and a way to try again.

import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { toProblem } from "../api/problem.ts";
import classes from "./Empty.module.css";

export function LoadFailed({ error, again }: { error: unknown; again: () => void }) {
  const problem = toProblem(error);
  return (
    <div className={classes.empty} role="alert">
      <h2 className={classes.title}>{problem.message}</h2>
      {problem.hint && <p className={classes.text}>{problem.hint}</p>}
      <Button variant="default" leftSection={<IconRefresh size={15} aria-hidden="true" />} onClick={again}>
        Try again
      </Button>
    </div>
  );
}
