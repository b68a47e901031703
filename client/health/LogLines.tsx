// The last warnings and errors of the server's own log.

import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { HealthView } from "../api/health.ts";
import { Ago } from "../ui/Ago.tsx";
import { Card } from "../ui/Card.tsx";
import { Badge } from "../ui/StatusBadge.tsx";
import classes from "./Health.module.css";
import { asSentence } from "./health-words.ts";

export function LogLines({ lines }: { lines: HealthView["lines"] }) {
  return (
    <Card flush title="From the server’s log">
      {lines.length === 0 ? (
        <p className={classes.none}>
          No warnings: since it was started the server has found nothing wrong with itself.
        </p>
      ) : (
        <ul className={classes.list} aria-label="The last warnings and errors of the log">
          {lines.map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two lines of a log may be the same in everything
            <li key={`${line.at}-${at}`} className={classes.row}>
              <Badge
                label={line.level === "error" ? "Error" : "Warning"}
                tone={line.level === "error" ? "red" : "amber"}
              />
              <div className={classes.rowMain}>
                <span className={classes.rowText}>{asSentence(line.sentence)}</span>
                {line.runId && (
                  <Anchor component={Link} to={`/runs/${line.runId}`} fz="xs">
                    Open the run
                  </Anchor>
                )}
              </div>
              <span className={classes.rowWhen}>
                <Ago at={line.at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
