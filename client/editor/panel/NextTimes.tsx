// When a schedule will start the flow next, asked from the server once the typing rests.

import { useDebouncedValue } from "@mantine/hooks";
import { toProblem } from "../../api/problem.ts";
import { useSchedulePreview } from "../../api/schedule.ts";
import { useNow } from "../../ui/Ago.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { agoText } from "../../ui/time.ts";
import classes from "./Panel.module.css";

export function NextTimes({ uses, input }: { uses: string; input: Record<string, unknown> }) {
  const [settled] = useDebouncedValue(input, 400);
  const empty = typeof settled.cron === "string" && settled.cron.trim() === "";
  const times = useSchedulePreview(uses, settled, !empty);
  const now = useNow();
  if (empty) return null;
  const problem = times.error ? toProblem(times.error) : undefined;
  const zone = typeof settled.timeZone === "string" && settled.timeZone !== "" ? settled.timeZone : "UTC";
  return (
    <div aria-live="polite">
      <h3 className={classes.title}>The next times</h3>
      {problem ? (
        <ProblemNote sentence={problem.message} hint={problem.hint} />
      ) : (
        <ol className={classes.times} aria-label="The next times">
          {(times.data ?? []).map((at) => (
            <li key={at}>
              {timeWords(at, zone)} <span>{agoText(at, now)}</span>
            </li>
          ))}
        </ol>
      )}
      {!problem && (
        <p className={classes.text}>By the clock of {zone}. It starts only while the flow is live.</p>
      )}
    </div>
  );
}

function timeWords(at: number, timeZone: string): string {
  const options: Intl.DateTimeFormatOptions = {
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
  };
  try {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone }).format(at);
  } catch {
    // While a zone is being typed it is none.
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" }).format(at);
  }
}
