// Fills the disk under the data folder while events come in, and makes room again.

import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { graph } from "../kit/graph.ts";
import { check, joinReports } from "./checker.ts";
import { lookAtReadiness, lookAtRefusals, lookAtSaving, recover } from "./disk-marks.ts";
import type { Fault, FaultOptions, FaultReport } from "./fault.ts";
import { startLoad } from "./load.ts";
import { callStep, type Stage, setStage } from "./stage.ts";

const SIZE_MB = 32;
const RECOVER_MS = 10_000;
const WHY = /disk is full/;

export const fault: Fault = {
  id: "F7",
  title:
    "fills the disk under load, then makes room; senders are told to come again, and nothing acknowledged is lost",
  fast: true,
  run,
};

async function run({ full, say }: FaultOptions): Promise<FaultReport> {
  if (process.getuid?.() !== 0)
    return {
      figures: {},
      missed: ["A disk of its own is mounted here, and only root may mount: run it as root."],
    };
  const base = mkdtempSync(join(tmpdir(), "flowcatch-full-"));
  const disk = join(base, "disk");
  mkdirSync(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE_MB}m`, "tmpfs", disk], { stdio: "pipe" });
  } catch (error) {
    rmSync(base, { recursive: true });
    return { figures: {}, missed: [`A tmpfs could not be mounted here: ${error}`] };
  }
  const data = join(disk, "data");
  const stage = await setStage({ DATA_DIR: data });
  try {
    return await fill(stage, disk, data, full ? 60_000 : 6_000, say);
  } finally {
    await stage.close();
    execFileSync("umount", [disk]);
    rmSync(base, { recursive: true });
  }
}

async function fill(
  stage: Stage,
  disk: string,
  data: string,
  fullMs: number,
  say: FaultOptions["say"],
): Promise<FaultReport> {
  const { program, target, sent, called, client } = stage;
  const { id, catchUrl } = await stage.publish(
    graph("trigger -> one -> two", { one: callStep(target, "one"), two: callStep(target, "two") }),
  );
  const load = startLoad({
    url: catchUrl,
    ledger: sent,
    rate: 20,
    tries: 40,
    pauseMs: 2_000,
    body: () => ({ padding: "x".repeat(4_000) }),
  });
  await pause(2_000);
  const pid = program.pid();
  const walBefore = sizeOf(join(data, "flowcatch.db-wal"));
  const ballast = createBallast(join(disk, "ballast"));
  const refilling = setInterval(() => ballast.fill(), 100);
  ballast.fill();
  await pause(1_000); // what still fits into the log is used up
  say(`full: ${ballast.bytes()} bytes of ballast`);

  const saving = lookAtSaving(client, id, WHY);
  const refusals = await lookAtRefusals(catchUrl, fullMs);
  const readiness = await lookAtReadiness(program.url, WHY);
  const alive = (await fetch(`${program.url}/healthz`)).ok && program.pid() === pid;
  const walFull = sizeOf(join(data, "flowcatch.db-wal"));
  const missed = [...(await saving), ...refusals.missed, ...readiness];
  if (!alive) missed.push("The process did not live through the full disk.");
  if (refusals.refused < 10)
    missed.push(`Only ${refusals.refused} events were refused: the disk was not full.`);

  clearInterval(refilling);
  ballast.free();
  const back = await recover(stage, data, catchUrl, RECOVER_MS);
  await load.stop();
  await pause(500);
  const again = await recover(stage, data, catchUrl, RECOVER_MS);
  const walAfter = sizeOf(join(data, "flowcatch.db-wal"));
  const options = { folder: data, sent: sent.entries(), called: called.entries(), order: ["one", "two"] };
  const checked = check({ ...options, output: program.output() });
  return joinReports(checked, {
    figures: {
      refusedWhileFull: refusals.refused,
      acceptedWhileFull: refusals.accepted,
      readyAgainMs: back.figures.readyAgainMs ?? -1,
      settledMs: again.figures.settledMs ?? -1,
      walBefore,
      walFull,
      walAfter,
    },
    missed: [...missed, ...back.missed, ...again.missed],
  });
}

/** A file that takes whatever room there is. */
function createBallast(path: string) {
  const handle = openSync(path, "w");
  let bytes = 0;
  return {
    bytes: () => bytes,
    fill() {
      for (const size of [1 << 20, 1 << 12]) {
        const block = Buffer.alloc(size, 1);
        try {
          for (;;) bytes += writeSync(handle, block);
        } catch (error) {
          if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
        }
      }
    },
    free() {
      closeSync(handle);
      rmSync(path);
    },
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
