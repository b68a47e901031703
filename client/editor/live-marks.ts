// Which run the editor shows on its canvas: the newest while runs happen, one that the address names, or none.
//
//   ?run=<id>  that run · ?run=latest  always the newest · ?run=off  the drawing alone
//   nothing    the newest, once one begins after the editor was opened

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { isFinal, type RunStatus } from "../../shared/run.ts";
import { type RunRowView, type RunView, runQuery, useRuns } from "../api/runs.ts";
import { marksOf } from "../runs/step-tree.ts";
import type { StepMark } from "./canvas.ts";

/** How many runs one can go back through without leaving the editor. */
const KNOWN = 50;
export const LATEST = "latest";
export const OFF = "off";

export interface LiveRun {
  /** The run on the canvas; undefined while the drawing is shown alone. */
  run: RunView | undefined;
  marks: Map<string, StepMark> | undefined;
  /** Is there any run to show? */
  hasRuns: boolean;
  /** Ids of the runs before and after the shown one. */
  older: string | undefined;
  newer: string | undefined;
  show: (run: string) => void;
}

/** For the editor of one flow: the run on its canvas and the ways to another one. */
export function useLiveRun(flowId: string): LiveRun {
  const [search, setSearch] = useSearchParams();
  const runs = useRuns({ flowId }, KNOWN);
  const rows = useMemo(() => runs.data?.pages.flatMap((page) => page.items) ?? [], [runs.data]);
  // What there was when the editor opened is history, and only shown when somebody asks for it.
  const [first, setFirst] = useState<{ flowId: string; id: string | undefined }>();
  if (runs.data && !runs.isPlaceholderData && first?.flowId !== flowId) setFirst({ flowId, id: rows[0]?.id });

  const shown = shownRun(search.get("run"), rows, first?.id);
  const { data } = useQuery({
    ...runQuery(shown ?? ""),
    enabled: shown !== undefined,
    // Going from run to run, the canvas does not fall back to the drawing in between.
    placeholderData: keepPreviousData,
  });
  const run = shown !== undefined && data?.flowId === flowId ? data : undefined;
  const [keep] = useState(createKeeper);
  const marks = useMemo(() => run && keep(marksOf(run.graph, run.steps)), [run, keep]);
  return {
    run,
    marks,
    hasRuns: rows.length > 0 || run !== undefined,
    ...neighbours(rows, run?.id),
    show: (id) =>
      setSearch(
        (now) => {
          now.set("run", id);
          return now;
        },
        { replace: true },
      ),
  };
}

/** Gives marks that did not change as the same objects again, so that their steps are not drawn again. */
export function createKeeper(): (marks: Map<string, StepMark>) => Map<string, StepMark> {
  let before = new Map<string, StepMark>();
  return (marks) => {
    before = new Map(
      [...marks].map(([id, mark]) => {
        const old = before.get(id);
        return [id, old && isSame(old, mark) ? old : mark];
      }),
    );
    return before;
  };
}

function isSame(a: StepMark, b: StepMark): boolean {
  return a.status === b.status && a.note === b.note && a.ports.join(" ") === b.ports.join(" ");
}

/** The id of the run to show. `rows` are the newest first, `first` is the newest of when the editor was opened. */
export function shownRun(
  asked: string | null,
  rows: Pick<RunRowView, "id" | "status">[],
  first: string | undefined,
): string | undefined {
  const [newest] = rows;
  if (asked === OFF) return undefined;
  if (asked === LATEST) return newest?.id;
  if (asked) return asked;
  return newest && (goesOn(newest.status) || newest.id !== first) ? newest.id : undefined;
}

/** A run that waits for days is no news. */
function goesOn(status: RunStatus): boolean {
  return !isFinal(status) && status !== "waiting" && status !== "asking";
}

/** The newest run is called `latest`, so that it gives way to the next one. */
export function neighbours(
  rows: Pick<RunRowView, "id">[],
  id: string | undefined,
): { older: string | undefined; newer: string | undefined } {
  const at = rows.findIndex((row) => row.id === id);
  if (id === undefined) return { older: undefined, newer: undefined };
  // Older than all that are known here: the way on leads to the newest.
  if (at < 0) return { older: undefined, newer: rows.length > 0 ? LATEST : undefined };
  return { older: rows[at + 1]?.id, newer: at === 0 ? undefined : at === 1 ? LATEST : rows[at - 1]?.id };
}
