// Deliveries, newest first: filters, rows, and more of them on demand. The same for one flow and for all.
//
// New ones come by the live stream, which says of each verdict that something moved: nothing is asked for on a timer.

import { Button, Center } from "@mantine/core";
import { IconSearchOff } from "@tabler/icons-react";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { type DeliveryFilter, useDeliveries } from "../api/deliveries.ts";
import { Card } from "../ui/Card.tsx";
import { Empty } from "../ui/Empty.tsx";
import { LoadFailed } from "../ui/LoadFailed.tsx";
import { RowsSkeleton } from "../ui/Skeletons.tsx";
import { DeliveryFilters } from "./DeliveryFilters.tsx";
import { DeliveryItem } from "./DeliveryItem.tsx";
import classes from "./DeliveryList.module.css";
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
  const rows = deliveries.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = isDeliveriesFiltered({ ...chosen, flowId: flowId ? "" : chosen.flowId });

  return (
    <>
      <DeliveryFilters
        chosen={chosen}
        withFlow={flowId === undefined}
        onChange={(change) => setSearch((now) => writeDeliveryFilters(now, change), { replace: true })}
      />
      <Card flush>
        {deliveries.error && !deliveries.data ? (
          <LoadFailed error={deliveries.error} again={() => void deliveries.refetch()} />
        ) : deliveries.isPending ? (
          <RowsSkeleton rows={6} height={60} />
        ) : rows.length === 0 && filtered ? (
          <Empty
            icon={<IconSearchOff size={24} />}
            title="No delivery fits these filters"
            text="Take one away, or look at a longer time."
          />
        ) : rows.length === 0 ? (
          <FirstDelivery flowId={flowId} />
        ) : (
          <>
            <div className={`${classes.row} ${classes.headings}`} aria-hidden="true">
              <span>What became of it</span>
              <span>{flowId ? "Request" : "Flow and request"}</span>
              <span>Came</span>
              <span className={classes.right}>Size</span>
              <span className={classes.right}>Answered</span>
            </div>
            <ul className={classes.list} aria-label="Deliveries" aria-busy={deliveries.isPlaceholderData}>
              {rows.map((row) => (
                <DeliveryItem key={row.id} row={row} withFlow={flowId === undefined} />
              ))}
            </ul>
          </>
        )}
      </Card>
      {deliveries.hasNextPage && (
        <Center mt="md">
          <Button
            variant="default"
            loading={deliveries.isFetchingNextPage}
            onClick={() => void deliveries.fetchNextPage()}
          >
            Load more
          </Button>
        </Center>
      )}
    </>
  );
}
