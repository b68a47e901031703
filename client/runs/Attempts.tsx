// The attempts of a step that came before its result.

import type { z } from "zod";
import type { Attempt } from "../../shared/run.ts";
import { durationText, momentText } from "../ui/time.ts";
import classes from "./StepList.module.css";

export function Attempts({ attempts }: { attempts: z.infer<typeof Attempt>[] }) {
  return (
    <section>
      <h3 className={classes.label}>Earlier attempts</h3>
      <ol className={classes.attempts}>
        {attempts.map((one) => (
          <li key={`${one.attempt} ${one.startedAt}`}>
            <span className="tabular">
              Attempt {one.attempt}, {momentText(one.startedAt)}
              {one.finishedAt !== null && `, ${durationText(one.finishedAt - one.startedAt)}`}
            </span>
            <span className={classes.why}>
              {one.problem?.sentence ?? "It was cut off: the server stopped."}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
