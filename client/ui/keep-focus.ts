// The keyboard never falls out of the page: when what had the focus goes away, what had it before takes it again.

import { useEffect, useLayoutEffect } from "react";

/** Last had the focus, newest last. */
let trail: HTMLElement[] = [];
const LONGEST = 20;

const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";

/** Once, in the frame of the app. A new page begins at its content, whatever led there. */
export function useKeptFocus(pathname: string): void {
  // Before the observer below hears of the elements that went with the old page.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new page begins anew
  useLayoutEffect(() => {
    trail = trail.slice(-1);
  }, [pathname]);

  useEffect(() => {
    const observer = new MutationObserver(restore);
    observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled"] });
    document.addEventListener("focusin", note);
    document.addEventListener("pointerdown", forget, { capture: true });
    return () => {
      observer.disconnect();
      document.removeEventListener("focusin", note);
      document.removeEventListener("pointerdown", forget, { capture: true });
    };
  }, []);
}

function note({ target }: FocusEvent): void {
  if (!(target instanceof HTMLElement)) return;
  trail = [...trail.filter((element) => element !== target), target].slice(-LONGEST);
}

/** Who clicks on nothing wants nothing to have the focus. */
function forget({ target }: PointerEvent): void {
  if (target instanceof Element && target.closest(FOCUSABLE) === null) trail = [];
}

function restore(): void {
  const last = trail.at(-1);
  if (!last || document.activeElement !== document.body || !document.hasFocus()) return;
  // A button that works on something is switched off for that time, and then gets its focus back.
  if (last.isConnected && last.matches(":disabled")) return;
  const next = trail.findLast((element) => element.isConnected && element.checkVisibility());
  (next ?? document.getElementById("content"))?.focus({ preventScroll: true });
}
