// Events and failed runs of each of the last 60 minutes, as bars, and as a table for who would rather read.

import type { HealthView } from "../api/health.ts";
import { countText } from "../ui/time.ts";
import { countOf } from "./health-words.ts";
import classes from "./Throughput.module.css";

const SLOT = 10;
const HEIGHT = 100;
const BAR = { accepted: { x: 0.5, width: 5 }, failed: { x: 5.5, width: 4 } };

type Minute = HealthView["minutes"][number];

export function Throughput({ minutes }: { minutes: Minute[] }) {
  const most = ceiling(Math.max(1, ...minutes.map(({ accepted, failed }) => Math.max(accepted, failed))));
  const busy = minutes.filter(({ accepted, failed, refused }) => accepted + failed + refused > 0);
  const sum = (name: "accepted" | "failed" | "refused") =>
    minutes.reduce((so, minute) => so + minute[name], 0);
  return (
    <figure className={classes.figure}>
      <figcaption className={classes.legend}>
        <span className={classes.key} data-of="accepted">
          {countOf(sum("accepted"), "event")} taken
        </span>
        <span className={classes.key} data-of="failed">
          {countOf(sum("failed"), "run")} failed
        </span>
        {sum("refused") > 0 && <span>{countOf(sum("refused"), "request")} refused</span>}
      </figcaption>
      <div>
        <span className={`${classes.most} tabular`} aria-hidden="true">
          {countText(most)} a minute
        </span>
        <svg
          className={classes.bars}
          viewBox={`0 0 ${minutes.length * SLOT} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={inWords(minutes)}
        >
          <line x1="0" x2={minutes.length * SLOT} y1={HEIGHT / 2} y2={HEIGHT / 2} className={classes.grid} />
          {minutes.map((minute, at) => (
            <g key={minute.at} transform={`translate(${at * SLOT} 0)`}>
              <title>{`${timeText(minute.at)}: ${countText(minute.accepted)} taken, ${countText(minute.failed)} failed`}</title>
              <rect width={SLOT} height={HEIGHT} className={classes.slot} />
              <Bar of="accepted" count={minute.accepted} most={most} />
              <Bar of="failed" count={minute.failed} most={most} />
            </g>
          ))}
        </svg>
        <div className={`${classes.axis} tabular`} aria-hidden="true">
          <span>1 hour ago</span>
          <span>30 min ago</span>
          <span>now</span>
        </div>
      </div>
      {busy.length > 0 && (
        <details className={classes.details}>
          <summary>Show as a table</summary>
          <div className={classes.scroll}>
            <table className={`${classes.table} tabular`}>
              <thead>
                <tr>
                  <th scope="col">Minute</th>
                  <th scope="col">Taken</th>
                  <th scope="col">Failed</th>
                  <th scope="col">Refused</th>
                </tr>
              </thead>
              <tbody>
                {busy.toReversed().map((minute) => (
                  <tr key={minute.at}>
                    <th scope="row">{timeText(minute.at)}</th>
                    <td>{countText(minute.accepted)}</td>
                    <td>{countText(minute.failed)}</td>
                    <td>{countText(minute.refused)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </figure>
  );
}

/** However few there are, something can be seen of them. */
function Bar({ of, count, most }: { of: "accepted" | "failed"; count: number; most: number }) {
  if (count === 0) return null;
  const height = Math.max(3, (count / most) * HEIGHT);
  return <rect {...BAR[of]} y={HEIGHT - height} height={height} data-of={of} className={classes.bar} />;
}

function inWords(minutes: Minute[]): string {
  const busiest = minutes.reduce((most, minute) => (minute.accepted > most.accepted ? minute : most), {
    at: 0,
    accepted: 0,
  });
  const failed = minutes.reduce((sum, minute) => sum + minute.failed, 0);
  if (busiest.accepted === 0 && failed === 0) return "Nothing happened in the last 60 minutes.";
  return `Bars, one for each of the last 60 minutes. The most events in one minute were ${countText(busiest.accepted)}, at ${timeText(busiest.at)}. ${countText(failed)} runs failed.`;
}

/** The next of 1, 2, 5, 10, 20, 50 …: the bars do not change their measure with every event. */
export function ceiling(count: number): number {
  const power = 10 ** Math.floor(Math.log10(count));
  const step = [1, 2, 5, 10].find((factor) => count <= factor * power) ?? 10;
  return step * power;
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

function timeText(at: number): string {
  return clock.format(at);
}
