// The faults there are: one per file `f<number>-<words>.ts`, in the order of their numbers. `f<number>m-` is the same
// fault done to several processes.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Fault } from "./fault.ts";

/** The ids of all faults. */
export function faultIds(): string[] {
  return faultFiles().map(({ id }) => id);
}

/** Loads these faults, or all. Throws for a file that holds none, or one of another number. */
export async function loadFaults(ids: readonly string[] = faultIds()): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const { file, id } of faultFiles()) {
    if (!ids.includes(id)) continue;
    const { fault }: { fault?: Fault } = await import(join(import.meta.dirname, file));
    if (fault?.id !== id) throw new Error(`${file} exports no fault ${id}.`);
    faults.push(fault);
  }
  return faults;
}

function faultFiles(): { file: string; id: string }[] {
  return readdirSync(import.meta.dirname)
    .flatMap((file) => {
      const [, number, several] = /^f(\d+)(m?)-[a-z0-9-]+\.ts$/.exec(file) ?? [];
      return number === undefined ? [] : [{ file, number: Number(number), id: `F${number}${several}` }];
    })
    .sort((a, b) => a.number - b.number || a.id.localeCompare(b.id));
}
