// How much room the data takes, which flow takes it, and how much is left.

import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { HealthView } from "../api/health.ts";
import { Card } from "../ui/Card.tsx";
import { bytesText, countText } from "../ui/time.ts";
import classes from "./Health.module.css";

export function Disk({ disk: { databaseBytes, freeBytes, flows } }: { disk: HealthView["disk"] }) {
  const most = Math.max(1, ...flows.map(({ bytes }) => bytes));
  const sums = [
    databaseBytes === null ? "" : `The database takes ${bytesText(databaseBytes)}`,
    freeBytes === null ? "" : `${bytesText(freeBytes)} are free`,
  ].filter(Boolean);
  return (
    <Card title="Disk" aside={sums.length > 0 && <span className={classes.aside}>{sums.join(", ")}</span>}>
      {flows.length === 0 ? (
        <p className={classes.small}>No runs are kept yet, so no flow takes any room.</p>
      ) : (
        <>
          <table className={`${classes.disk} tabular`}>
            <thead>
              <tr>
                <th scope="col">Flow</th>
                <th scope="col">Runs kept</th>
                <th scope="col">About</th>
              </tr>
            </thead>
            <tbody>
              {flows.map(({ flowId, flowName, runs, bytes }) => (
                <tr key={flowId}>
                  <th scope="row">
                    <Anchor component={Link} to={`/flows/${flowId}`} fz="inherit">
                      {flowName}
                    </Anchor>
                    <span className={classes.share} aria-hidden="true">
                      <span style={{ width: `${Math.max(0.5, (bytes / most) * 100)}%` }} />
                    </span>
                  </th>
                  <td>{countText(runs)}</td>
                  <td>{bytesText(bytes)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className={classes.small}>
            Estimated from each flow’s newest runs. Runs that ended are deleted after the time that the
            RETENTION setting says.
          </p>
        </>
      )}
    </Card>
  );
}
