// The sentence on top: all is well, or what is not and the next move.

import { Anchor } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { Link } from "react-router";
import type { HealthView } from "../api/health.ts";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import classes from "./Health.module.css";
import { allIsWell, findings } from "./health-words.ts";

export function Verdict({ health }: { health: HealthView }) {
  const found = findings(health);
  if (found.length === 0) {
    return (
      <p className={classes.well}>
        <IconCircleCheck size={22} stroke={1.8} aria-hidden="true" />
        {allIsWell(health)}
      </p>
    );
  }
  return (
    <ul className={classes.findings} aria-label="What needs attention">
      {found.map(({ tone, sentence, hint, to }) => (
        <li key={sentence}>
          <ProblemNote tone={tone} sentence={sentence} hint={hint}>
            {to && (
              <Anchor component={Link} to={to.path} fz="inherit" underline="always">
                {to.label}
              </Anchor>
            )}
          </ProblemNote>
        </li>
      ))}
    </ul>
  );
}
