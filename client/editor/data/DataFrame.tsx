// Around a step's form: gives its fields the data of the steps before, and opens the picker beside them.

import { type ReactNode, useCallback, useMemo, useRef, useState } from "react";
import type { Problem } from "../../../shared/problem.ts";
import { FormContext } from "../../form/form-place.ts";
import { useNow } from "../../ui/Ago.tsx";
import { DataPicker } from "./DataPicker.tsx";
import { DataContext, type DataPlace, type DataTarget } from "./data-place.ts";
import { type DataSource, scopeOf } from "./data-sources.ts";
import { holdsWith } from "./holds-with.ts";
import { TemplateField } from "./TemplateField.tsx";

export function DataFrame(props: {
  stepId: string;
  sources: DataSource[];
  /** Of this step; those with a field are shown at it. */
  problems: readonly Problem[];
  children: ReactNode;
}) {
  const { stepId, sources, problems } = props;
  const frame = useRef<HTMLDivElement>(null);
  const now = useNow();
  const [target, setTarget] = useState<DataTarget | null>(null);
  const [picking, setPicking] = useState(false);
  const close = useCallback(() => setPicking(false), []);
  const [asked, setAsked] = useState(0);
  const pick = useCallback((next: DataTarget) => {
    setTarget(next);
    setAsked((count) => count + 1);
    setPicking(true);
  }, []);
  const served = useRef<string>(undefined);
  served.current = target?.id;
  const forget = useCallback((id: string) => {
    if (served.current !== id) return;
    setPicking(false);
    setTarget(null);
  }, []);
  const scope = useMemo(() => scopeOf(sources), [sources]);
  const names = useNames(sources);
  const place = useMemo<DataPlace>(
    () => ({
      stepId,
      sources,
      scope,
      names,
      now,
      target,
      picking,
      asked,
      serve: setTarget,
      pick,
      close,
      forget,
    }),
    [stepId, sources, scope, names, now, target, picking, asked, pick, close, forget],
  );
  const form = useMemo(() => {
    const byPath = new Map(
      problems.filter(({ code }) => code !== "field-required").map((problem) => [problem.field, problem]),
    );
    return {
      Writing: TemplateField,
      problemAt(path: string) {
        const problem =
          byPath.get(path) ?? problems.find(({ field }) => field?.startsWith(`${path}.`) === true);
        return problem && [problem.sentence, problem.hint].filter(Boolean).join(" ");
      },
      holds: (conditions: unknown) => holdsWith(conditions, scope, now),
    };
  }, [problems, scope, now]);
  return (
    <DataContext value={place}>
      <FormContext value={form}>
        <div ref={frame}>{props.children}</div>
        {picking && <DataPicker beside={frame.current} />}
      </FormContext>
    </DataContext>
  );
}

/** The same map while the names are the same: pills are drawn anew only when one changes. */
function useNames(sources: readonly DataSource[]): ReadonlyMap<string, string> {
  const key = JSON.stringify(sources.map(({ stepId, name }) => [stepId, name]));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for all that is read
  return useMemo(() => new Map(sources.map(({ stepId, name }) => [stepId, name])), [key]);
}
