// Keys and the clipboard, for as long as the editor is open: they mean the canvas unless one types or a dialog is open.

import { useEffect } from "react";
import { canDo } from "./actions/action.ts";
import { anyChosen } from "./actions/chosen.ts";
import { copied, takeOut } from "./actions/copy.ts";
import { actionFor } from "./actions/keys.ts";
import { actions } from "./actions/list.ts";
import { pasteText, type Tools } from "./tools.ts";

export function useKeys(tools: Tools): void {
  useEffect(() => {
    let pointer: { x: number; y: number } | null = null;

    function onKeyDown(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.isComposing) return;
      const action = actionFor(actions, event);
      if (!action || action.native || isBusy(event.target, tools)) return;
      const withMod = event.ctrlKey || event.metaKey;
      if (isTyping(event.target) && !action.whileTyping) return;
      // A lone letter means the canvas only where nothing else has the focus.
      if (!withMod && !isOnCanvas(event.target, tools) && !["?", "Escape"].includes(event.key)) return;
      if (!canDo(action, tools)) {
        // The browser's own meaning of Ctrl+D and the like would surprise here.
        if (withMod) event.preventDefault();
        return;
      }
      event.preventDefault();
      action.perform(tools);
    }

    function onCopy(event: ClipboardEvent): void {
      if (isOthers(event.target, tools) || !anyChosen(tools) || !getSelection()?.isCollapsed) return;
      event.clipboardData?.setData("text/plain", copied(tools));
      event.preventDefault();
      if (event.type === "cut") takeOut(tools);
    }

    function onPaste(event: ClipboardEvent): void {
      const text = event.clipboardData?.getData("text/plain");
      if (!text || isOthers(event.target, tools)) return;
      event.preventDefault();
      pasteText(tools, text, pointer ? tools.canvas.screenToFlowPosition(pointer) : undefined);
    }

    function onPointerMove(event: PointerEvent): void {
      const isOver = event.target instanceof Node && tools.ground()?.contains(event.target);
      pointer = isOver ? { x: event.clientX, y: event.clientY } : null;
    }

    document.addEventListener("keydown", onKeyDown);
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCopy);
    document.addEventListener("paste", onPaste);
    document.addEventListener("pointermove", onPointerMove);
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      document.removeEventListener("copy", onCopy);
      document.removeEventListener("cut", onCopy);
      document.removeEventListener("paste", onPaste);
      document.removeEventListener("pointermove", onPointerMove);
    };
  }, [tools]);
}

const TYPED = "input, textarea, select, [contenteditable='true'], .cm-editor";
const DIALOGS = "[role='dialog'], [role='menu'], [role='listbox']";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TYPED) !== null;
}

/** Something is open that has keys of its own. */
function isBusy(target: EventTarget | null, { view }: Tools): boolean {
  const { dialog, picker, menu } = view.getState();
  if (dialog !== null || picker !== null || menu !== null) return true;
  return target instanceof Element && target.closest(DIALOGS) !== null;
}

function isOthers(target: EventTarget | null, tools: Tools): boolean {
  return isTyping(target) || isBusy(target, tools);
}

function isOnCanvas(target: EventTarget | null, { ground }: Tools): boolean {
  return target === document.body || (target instanceof Node && ground()?.contains(target) === true);
}
