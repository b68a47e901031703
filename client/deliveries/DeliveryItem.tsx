// One delivery in the list; the whole row leads to its page.

import { Link } from "react-router";
import type { DeliveryRowView } from "../api/deliveries.ts";
import { Ago } from "../ui/Ago.tsx";
import rows from "../ui/RowList.module.css";
import { bytesText } from "../ui/time.ts";
import classes from "./DeliveryItem.module.css";
import { rowDetail } from "./delivery-words.ts";
import { VerdictBadge } from "./VerdictBadge.tsx";

export function DeliveryItem({ row, withFlow }: { row: DeliveryRowView; withFlow: boolean }) {
  const summary = shortSummary(row);
  const size = row.bytes === 0 ? "–" : bytesText(row.bytes);
  const isWrong = row.verdict === "refused" || row.runStatus === "failed";
  return (
    <li className={`${rows.row} ${rows.item}`}>
      <span className={classes.verdict}>
        <VerdictBadge delivery={row} />
      </span>
      <span className={rows.main}>
        <Link to={`/deliveries/${row.id}`} className={rows.link}>
          <span className={classes.method}>{row.method}</span> {withFlow ? row.flowName : summary}
        </Link>
        {withFlow && <span className={`${rows.detail} ${classes.summary} clip`}>{summary}</span>}
        <span className={`${rows.detail} clip`} data-wrong={isWrong || undefined}>
          {rowDetail(row)}
        </span>
        <span className={`${rows.detail} ${classes.figures} tabular`}>
          {row.bytes === 0 ? "" : `${size} · `}answered {row.status}
        </span>
      </span>
      <span className={rows.when}>
        <Ago at={row.at} />
      </span>
      <span className={`${rows.right} ${rows.figure} tabular`}>{size}</span>
      <span className={`${rows.right} ${rows.figure} tabular`}>
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
