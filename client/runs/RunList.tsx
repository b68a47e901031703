// Runs, newest first: filters, rows, and more of them on demand. The same for one flow and for all.

import { IconHistory } from "@tabler/icons-react";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { type RunFilter, useRuns } from "../api/runs.ts";
import { Empty } from "../ui/Empty.tsx";
import rows from "../ui/RowList.module.css";
import { RowList } from "../ui/RowList.tsx";
import { RunFilters } from "./RunFilters.tsx";
import { RunItem } from "./RunItem.tsx";
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
  const withFlow = flowId === undefined;

  return (
    <>
      <RunFilters
        chosen={chosen}
        withFlow={withFlow}
        onChange={(change) => setSearch((now) => writeFilters(now, change), { replace: true })}
      />
      <RowList
        list={runs}
        one="run"
        name="Runs"
        columns="112px minmax(0, 1fr) 116px 128px"
        headings={
          <>
            <span>Status</span>
            <span>{withFlow ? "Flow and event" : "Event"}</span>
            <span>Began</span>
            <span className={rows.right}>Took</span>
          </>
        }
        isFiltered={isFiltered(withFlow ? chosen : { ...chosen, flowId: "" })}
        empty={
          <Empty
            icon={<IconHistory size={24} />}
            title="No runs yet"
            text="Each event that reaches a live flow becomes a run. Publish the flow, send something to its catch URL, and watch it here."
          />
        }
      >
        {(run) => <RunItem key={run.id} run={run} withFlow={withFlow} />}
      </RowList>
    </>
  );
}
