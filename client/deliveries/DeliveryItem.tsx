// One delivery in the list; the whole row leads to its page.

import { Link } from "react-router";
import type { DeliveryRowView } from "../api/deliveries.ts";
import { Ago } from "../ui/Ago.tsx";
import { bytesText } from "../ui/time.ts";
import classes from "./DeliveryList.module.css";
import { rowDetail } from "./delivery-words.ts";
import { VerdictBadge } from "./VerdictBadge.tsx";

export function DeliveryItem({ row, withFlow }: { row: DeliveryRowView; withFlow: boolean }) {
  const summary = shortSummary(row);
  const size = row.bytes === 0 ? "–" : bytesText(row.bytes);
  const isWrong = row.verdict === "refused" || row.runStatus === "failed";
  return (
    <li className={`${classes.row} ${classes.item}`}>
      <span className={classes.verdict}>
        <VerdictBadge delivery={row} />
      </span>
      <span className={classes.main}>
        <Link to={`/deliveries/${row.id}`} className={classes.link}>
          <span className={classes.method}>{row.method}</span> {withFlow ? row.flowName : summary}
        </Link>
        {withFlow && <span className={`${classes.detail} ${classes.summary} clip`}>{summary}</span>}
        <span className={`${classes.detail} clip`} data-wrong={isWrong || undefined}>
          {rowDetail(row)}
        </span>
        <span className={`${classes.detail} ${classes.figures} tabular`}>
          {row.bytes === 0 ? "" : `${size} · `}answered {row.status}
        </span>
      </span>
      <span className={classes.when}>
        <Ago at={row.at} />
      </span>
      <span className={`${classes.right} ${classes.figure} tabular`}>{size}</span>
      <span className={`${classes.right} ${classes.figure} tabular`}>
        <span className="unseen">answered </span>
        {row.status}
      </span>
    </li>
  );
}

/** Of a request without a body the summary begins with its method, which stands before it anyway. */
function shortSummary({ summary, method, bytes }: DeliveryRowView): string {
  const rest = bytes === 0 && summary.startsWith(method) ? summary.slice(method.length).trim() : summary;
  return rest === "" ? "Without a body" : rest;
}
