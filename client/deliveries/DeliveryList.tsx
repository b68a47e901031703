// Deliveries, newest first: filters, rows, and more of them on demand. The same for one flow and for all.
//
// New ones come by the live stream, which says of each verdict that something moved: nothing is asked for on a timer.

import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { type DeliveryFilter, useDeliveries } from "../api/deliveries.ts";
import rows from "../ui/RowList.module.css";
import { RowList } from "../ui/RowList.tsx";
import { DeliveryFilters } from "./DeliveryFilters.tsx";
import { DeliveryItem } from "./DeliveryItem.tsx";
import {
  isDeliveriesFiltered,
  readDeliveryFilters,
  toDeliveryFilter,
  writeDeliveryFilters,
} from "./delivery-filters.ts";
import { FirstDelivery } from "./FirstDelivery.tsx";

export function DeliveryList({ flowId }: { flowId?: string }) {
  const [search, setSearch] = useSearchParams();
  const chosen = readDeliveryFilters(search);
  const question = search.toString();
  const filter = useMemo((): DeliveryFilter => {
    const asked = toDeliveryFilter(readDeliveryFilters(new URLSearchParams(question)), Date.now());
    return flowId ? { ...asked, flowId } : asked;
  }, [question, flowId]);
  const deliveries = useDeliveries(filter);
  const withFlow = flowId === undefined;

  return (
    <>
      <DeliveryFilters
        chosen={chosen}
        withFlow={withFlow}
        onChange={(change) => setSearch((now) => writeDeliveryFilters(now, change), { replace: true })}
      />
      <RowList
        list={deliveries}
        one="delivery"
        name="Deliveries"
        columns="210px minmax(0, 1fr) 104px 76px 76px"
        columnsBelow="minmax(0, 1fr) auto auto auto"
        headings={
          <>
            <span>What became of it</span>
            <span>{withFlow ? "Flow and request" : "Request"}</span>
            <span>Came</span>
            <span className={rows.right}>Size</span>
            <span className={rows.right}>Answered</span>
          </>
        }
        isFiltered={isDeliveriesFiltered(withFlow ? chosen : { ...chosen, flowId: "" })}
        empty={<FirstDelivery flowId={flowId} />}
      >
        {(row) => <DeliveryItem key={row.id} row={row} withFlow={withFlow} />}
      </RowList>
    </>
  );
}
