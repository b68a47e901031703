// Runs, newest first: filters, rows, and more of them on demand. The same for one flow and for all.

import { Button, Center } from "@mantine/core";
import { IconHistory, IconSearchOff } from "@tabler/icons-react";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { type RunFilter, useRuns } from "../api/runs.ts";
import { Card } from "../ui/Card.tsx";
import { Empty } from "../ui/Empty.tsx";
import { LoadFailed } from "../ui/LoadFailed.tsx";
import { RowsSkeleton } from "../ui/Skeletons.tsx";
import { RunFilters } from "./RunFilters.tsx";
import { RunItem } from "./RunItem.tsx";
import classes from "./RunList.module.css";
import { isFiltered, readFilters, toRunFilter, writeFilters } from "./run-filters.ts";

export function RunList({ flowId }: { flowId?: string }) {
  const [search, setSearch] = useSearchParams();
  const chosen = readFilters(search);
  const question = search.toString();
  const filter = useMemo((): RunFilter => {
    const asked = toRunFilter(readFilters(new URLSearchParams(question)), Date.now());
    return flowId ? { ...asked, flowId } : asked;
  }, [question, flowId]);
  const runs = useRuns(filter);
  const rows = runs.data?.pages.flatMap((page) => page.items) ?? [];

  return (
    <>
      <RunFilters
        chosen={chosen}
        withFlow={flowId === undefined}
        onChange={(change) => setSearch((now) => writeFilters(now, change), { replace: true })}
      />
      <Card flush>
        {runs.error && !runs.data ? (
          <LoadFailed error={runs.error} again={() => void runs.refetch()} />
        ) : runs.isPending ? (
          <RowsSkeleton rows={6} height={60} />
        ) : rows.length === 0 && isFiltered({ ...chosen, flowId: flowId ? "" : chosen.flowId }) ? (
          <Empty
            icon={<IconSearchOff size={24} />}
            title="No run fits these filters"
            text="Take one away, or look at a longer time."
          />
        ) : rows.length === 0 ? (
          <Empty
            icon={<IconHistory size={24} />}
            title="No runs yet"
            text="Each event that reaches a live flow becomes a run. Publish the flow, send something to its catch URL, and watch it here."
          />
        ) : (
          <>
            <div className={`${classes.row} ${classes.headings}`} aria-hidden="true">
              <span>Status</span>
              <span>{flowId ? "Event" : "Flow and event"}</span>
              <span>Began</span>
              <span className={classes.right}>Took</span>
            </div>
            <ul className={classes.list} aria-label="Runs" aria-busy={runs.isPlaceholderData}>
              {rows.map((run) => (
                <RunItem key={run.id} run={run} withFlow={flowId === undefined} />
              ))}
            </ul>
          </>
        )}
      </Card>
      {runs.hasNextPage && (
        <Center mt="md">
          <Button
            variant="default"
            loading={runs.isFetchingNextPage}
            onClick={() => void runs.fetchNextPage()}
          >
            Load more
          </Button>
        </Center>
      )}
    </>
  );
}
