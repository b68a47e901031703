// Starts the small programs beside which the server is measured.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Child, startChild } from "./child.ts";
import { Ready } from "./messages.ts";
import { ORDER_HEADERS } from "./order.ts";
import type { Target } from "./rig.ts";

export const LIMITS = {
  a: "a  Express, answered from memory",
  b: "b  a + a row on disk",
  c: "c  b + a POST and its row",
};
export type LimitName = keyof typeof LIMITS;

export interface Limits {
  targets: Record<LimitName, Target>;
  close(): Promise<void>;
}

export async function startLimits(sinkUrl: string): Promise<Limits> {
  const folder = mkdtempSync(join(tmpdir(), "flowcatch-limits-"));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  process.on("exit", removeFolder);
  const children: Child[] = [];
  const start = async (file: string, posts: boolean, args: string[] = []): Promise<Target> => {
    const { child, ready } = await startChild(`limits/${file}`, Ready, args);
    children.push(child);
    return { urls: [ready.url], headers: ORDER_HEADERS, pid: child.pid, posts };
  };
  const close = async () => {
    await Promise.all(children.map((child) => child.close()));
    process.off("exit", removeFolder);
    removeFolder();
  };
  try {
    return {
      targets: {
        a: await start("express-only.ts", false),
        b: await start("express-store.ts", false, [join(folder, "b.db")]),
        c: await start("express-store-post.ts", true, [join(folder, "c.db"), sinkUrl]),
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
