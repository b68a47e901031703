// Asks the disk to keep what was written to a file, and waits for it in a thread of the system.

import { close, closeSync, fdatasync, open } from "node:fs";
import { promisify } from "node:util";

export interface DiskSync {
  /** Resolves when everything that was written to the file before is on disk. Rejects when the disk says otherwise. */
  sync(): Promise<void>;
  close(): void;
}

const openFile = promisify(open);
const syncData = promisify(fdatasync);

/** The file may come into being later. It is asked through a handle of our own: what counts is the file, not who wrote. */
export function createDiskSync(path: string): DiskSync {
  let handle: number | undefined;
  let closed = false;
  return {
    async sync() {
      if (handle === undefined) {
        const opened = await openFile(path, "r+");
        if (closed) return void close(opened);
        handle = opened;
      }
      await syncData(handle);
    },
    close() {
      closed = true;
      if (handle !== undefined) closeSync(handle);
      handle = undefined;
    },
  };
}
