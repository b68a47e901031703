// Starts the small programs beside which the server is measured.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
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

export interface LimitsOf<Name extends string> {
  targets: Record<Name, Target>;
  close(): Promise<void>;
}
export type Limits = LimitsOf<LimitName>;

export function startLimits(sinkUrl: string): Promise<Limits> {
  return startAll(async (start, folder) => ({
    a: await start("express-only.ts", false),
    b: await start("express-store.ts", false, [join(folder, "b.db")]),
    c: await start("express-store-post.ts", true, [join(folder, "c.db"), sinkUrl]),
  }));
}

/** Limit c with one post for each event, and with `most` of them one after another. */
export function startPosters(sinkUrl: string, most: number): Promise<LimitsOf<"one" | "most">> {
  return startAll(async (start, folder) => {
    const poster = async (posts: number): Promise<Target> => {
      const file = join(folder, `${posts}.db`);
      const target = await start("express-store-post.ts", true, [file, sinkUrl, String(posts)]);
      return { ...target, succeeded: () => Math.floor(countRows(file, "results") / posts) };
    };
    return { one: await poster(1), most: await poster(most) };
  });
}

type Start = (file: string, posts: boolean, args?: string[]) => Promise<Target>;

async function startAll<Name extends string>(
  startThem: (start: Start, folder: string) => Promise<Record<Name, Target>>,
): Promise<LimitsOf<Name>> {
  const folder = mkdtempSync(join(tmpdir(), "flowcatch-limits-"));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  process.on("exit", removeFolder);
  const children: Child[] = [];
  const start: Start = async (file, posts, args = []) => {
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
    return { targets: await startThem(start, folder), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function countRows(file: string, table: string): number {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 2_000 });
  try {
    return Number(database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.rows);
  } finally {
    database.close();
  }
}
