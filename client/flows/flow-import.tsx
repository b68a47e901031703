// Taking a flow in from a file: chosen with a button or dropped anywhere on the list.

import { type DragEvent, lazy, type ReactNode, Suspense, useRef, useState } from "react";
import type { ReadFlowFile } from "../../shared/flow-file.ts";
import classes from "./FlowImport.module.css";

// Most visits import nothing: what it takes is fetched when there is a file.
const ImportDialog = lazy(() => import("./ImportDialog.tsx"));

export interface FlowImport {
  /** What was read of the last file; undefined while nobody imports anything. */
  found: ReadFlowFile | undefined;
  read: (file: File | null) => void;
  close: () => void;
}

export function useFlowImport(): FlowImport {
  const [found, setFound] = useState<ReadFlowFile>();
  return {
    found,
    close: () => setFound(undefined),
    read: (file) => void (file && readFile(file).then(setFound)),
  };
}

async function readFile(file: File): Promise<ReadFlowFile> {
  const { MAX_FILE_BYTES, readFlowFile } = await import("../../shared/flow-file.ts");
  // Of a film that was dropped by mistake, no more is read than it takes to say so.
  const text = await file
    .slice(0, MAX_FILE_BYTES * 4 + 1)
    .text()
    .catch(() => "");
  return readFlowFile(text);
}

/** Everything within takes a file that is dropped on it. */
export function FlowDrop({ taking, children }: { taking: FlowImport; children: ReactNode }) {
  const [over, setOver] = useState(false);
  // Going from one element to the next within, the drag “leaves” and “enters” every time.
  const depth = useRef(0);

  const hasFile = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  function enter(event: DragEvent): void {
    if (!hasFile(event)) return;
    depth.current += 1;
    setOver(true);
  }
  function leave(event: DragEvent): void {
    if (!hasFile(event)) return;
    depth.current = Math.max(0, depth.current - 1);
    if (depth.current === 0) setOver(false);
  }
  function drop(event: DragEvent): void {
    if (!hasFile(event)) return;
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    taking.read(event.dataTransfer.files[0] ?? null);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button “Import” does the same
    <div
      className={classes.drop}
      onDragEnter={enter}
      onDragLeave={leave}
      onDragOver={(event) => hasFile(event) && event.preventDefault()}
      onDrop={drop}
    >
      {children}
      {over && (
        <div className={classes.over} aria-hidden="true">
          <span className={classes.word}>Drop the file to import its flow</span>
        </div>
      )}
      <Suspense>{taking.found && <ImportDialog taking={taking} />}</Suspense>
    </div>
  );
}
