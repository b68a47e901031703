// The chosen step is part of the address (`?step=…`), both ways: a link opens it, choosing writes it.

import { useEffect, useRef } from "react";
import { useSearchParams } from "react-router";
import { onlyStep, useView, useViewStore } from "./editor-view.ts";

/** A box that is being dragged chooses many things in passing. */
const CALM_MS = 80;

export function useAddress(): void {
  const [params, setParams] = useSearchParams();
  const inAddress = params.get("step");
  const view = useViewStore();
  const chosen = useView(onlyStep);
  const written = useRef(inAddress);

  useEffect(() => {
    if (inAddress === written.current) return;
    written.current = inAddress;
    view.getState().choose(inAddress === null ? [] : [inAddress]);
  }, [inAddress, view]);

  useEffect(() => {
    if (chosen === written.current) return;
    const timer = setTimeout(() => {
      written.current = chosen;
      setParams(
        (now) => {
          if (chosen === null) now.delete("step");
          else now.set("step", chosen);
          return now;
        },
        { replace: true, preventScrollReset: true },
      );
    }, CALM_MS);
    return () => clearTimeout(timer);
  }, [chosen, setParams]);
}
