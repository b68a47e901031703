// Lets the disk fail at random: real EIO from the system's own calls, for the program's files and nothing else.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { graph } from "../kit/graph.ts";
import { check, joinReports } from "./checker.ts";
import { lookAtReadiness, lookAtRefusals, lookAtSaving, recover } from "./disk-marks.ts";
import type { Fault, FaultOptions, FaultReport } from "./fault.ts";
import { startLoad } from "./load.ts";
import { callStep, type Stage, setStage } from "./stage.ts";

const LIBRARIES = ["/usr/lib/fiu/fiu_run_preload.so", "/usr/lib/fiu/fiu_posix_preload.so"];
const EIO = 5;
/** What SQLite writes and syncs with. Sockets are read and written by other calls. */
const WRITING = [
  "posix/io/rw/pwrite",
  "posix/io/rw/pwrite64",
  "posix/io/sync/fsync",
  "posix/io/sync/fdatasync",
];
const READING = ["posix/io/rw/pread", "posix/io/rw/pread64"];
const RECOVER_MS = 10_000;
const WHY = /disk/;

export const fault: Fault = {
  id: "F8",
  title:
    "gives real disk errors, some at first and then only errors; nothing is acknowledged that was not stored",
  fast: true,
  run,
};

async function run({ full, say }: FaultOptions): Promise<FaultReport> {
  if (!LIBRARIES.every((path) => existsSync(path)))
    return { figures: {}, missed: ["libfiu is not installed: apt-get install fiu-utils libfiu0."] };
  const folder = mkdtempSync(join(tmpdir(), "flowcatch-fiu-"));
  const fifo = join(folder, "control");
  const stage = await setStage({ LD_PRELOAD: LIBRARIES.join(" "), FIU_CTRL_FIFO: fifo });
  try {
    return await spoil(stage, fifo, full ? 60_000 : 5_000, say);
  } finally {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function spoil(
  stage: Stage,
  fifo: string,
  spanMs: number,
  say: FaultOptions["say"],
): Promise<FaultReport> {
  const { program, target, sent, called, client } = stage;
  const pid = program.pid();
  const control = (command: string) =>
    execFileSync("fiu-ctrl", ["-f", fifo, "-c", command, String(pid)], { stdio: "pipe" });
  const fail = (names: string[], probability: number) => {
    for (const name of names)
      control(`enable_random name=${name},probability=${probability},failinfo=${EIO}`);
  };
  const heal = () => {
    for (const name of [...WRITING, ...READING]) control(`disable name=${name}`);
  };
  const { id, catchUrl } = await stage.publish(
    graph("trigger -> one -> two", { one: callStep(target, "one"), two: callStep(target, "two") }),
  );
  const load = startLoad({ url: catchUrl, ledger: sent, rate: 20, tries: 40, pauseMs: 2_000 });
  await pause(1_000);

  say("one call in fifty fails");
  fail([...WRITING, ...READING], 0.02);
  const some = await lookAtRefusals(catchUrl, spanMs);
  heal();
  say(`${some.refused} refused, ${some.accepted} accepted; now every write fails`);
  fail(WRITING, 1);
  await pause(300);
  const saving = await lookAtSaving(client, id, WHY);
  const all = await lookAtRefusals(catchUrl, spanMs);
  const readiness = await lookAtReadiness(program.url, WHY);
  const alive = (await fetch(`${program.url}/healthz`)).ok && program.pid() === pid;
  heal();

  const back = await recover(stage, program.folder, catchUrl, RECOVER_MS);
  await load.stop();
  const again = await recover(stage, program.folder, catchUrl, RECOVER_MS);
  const missed = [...saving, ...some.missed, ...all.missed, ...readiness, ...back.missed, ...again.missed];
  if (!alive) missed.push("The process did not live through the errors of the disk.");
  if (all.accepted > 0) missed.push(`${all.accepted} events were acknowledged while no write went through.`);
  if (all.refused < 10) missed.push(`Only ${all.refused} events were refused: the errors did not arrive.`);
  const options = { folder: program.folder, sent: sent.entries(), called: called.entries() };
  const checked = check({ ...options, order: ["one", "two"], output: program.output() });
  return joinReports(checked, {
    figures: {
      refusedAtSomeErrors: some.refused,
      acceptedAtSomeErrors: some.accepted,
      refusedAtErrorsOnly: all.refused,
      readyAgainMs: back.figures.readyAgainMs ?? -1,
      settledMs: again.figures.settledMs ?? -1,
    },
    missed,
  });
}
