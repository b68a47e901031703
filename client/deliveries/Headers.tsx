// The headers of a request, by name; whoever sent it chose them, so they are shown as text.

import classes from "./DeliveryPage.module.css";

export function Headers({ headers }: { headers: Record<string, string> }) {
  const rows = Object.entries(headers).toSorted(([a], [b]) => a.localeCompare(b));
  if (rows.length === 0) return <p className={classes.remark}>None.</p>;
  return (
    <dl className={classes.headers}>
      {rows.map(([name, value]) => (
        <div key={name} className={classes.header}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
