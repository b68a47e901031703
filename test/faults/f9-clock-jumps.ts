// Sets the wall clock of the program, and of nothing else, forward and back while runs wait, work and are scheduled.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { graph } from "../kit/graph.ts";
import { check, joinReports } from "./checker.ts";
import type { Fault, FaultOptions, FaultReport } from "./fault.ts";
import type { Sent } from "./ledger.ts";
import { answerOk, type Target } from "./load.ts";
import { checkYear } from "./schedule-year.ts";
import { callStep, type Stage, setStage } from "./stage.ts";

const LIBRARIES = ["x86_64", "aarch64"].map(
  (machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`,
);
const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
const NEW_S = 180;
/** A step is in mid-flight for this long when the clock is set. */
const HANG_MS = 9_000;
const WAIT_S = 4;
/** Sweeps come at whole multiples of this; the clock is set forward shortly before one, when leases look over. */
const SWEEP_MS = 30_000;
/** At the latest the time of one sweep, and a minute. */
const TICK_MS = 95_000;
const PLAIN_MS = 5_000;

export const fault: Fault = {
  id: "F9",
  title:
    "sets the clock by hours and days while runs wait and schedules are due; nothing twice, nothing stuck",
  fast: true,
  run,
};

async function run({ full, say }: FaultOptions): Promise<FaultReport> {
  const library = LIBRARIES.find((path) => existsSync(path));
  if (!library)
    return {
      figures: {},
      missed: ["libfaketime is not installed. Install it with: apt-get install faketime."],
    };
  const year = checkYear();
  say(`schedules of a year: ${JSON.stringify(year.figures)}`);
  const folder = mkdtempSync(join(tmpdir(), "flowcatch-clock-"));
  const clock = createClock(join(folder, "clock"));
  const stage = await setStage({
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: clock.file,
    FAKETIME_NO_CACHE: "1",
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
    NO_FAKE_STAT: "1",
  });
  try {
    const jumps = full ? [-HOUR_S, HOUR_S, -DAY_S, DAY_S, HOUR_S, -HOUR_S, DAY_S, -DAY_S] : [DAY_S, -DAY_S];
    return joinReports(year, await jumpAbout(stage, clock, jumps, say));
  } finally {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface FakeClock {
  file: string;
  now(): number;
  /** By so many seconds, and a few more, so that it then shows `second` of a minute. */
  jump(seconds: number, second: number): void;
}

/** The clock that the program sees: as far from the real one as the file says. */
function createClock(file: string): FakeClock {
  let offset = 0;
  writeFileSync(file, "+0");
  return {
    file,
    now: () => Date.now() + offset * 1_000,
    jump(seconds, second) {
      const shown = Math.floor((Date.now() / 1_000 + offset + seconds) % 60);
      offset += seconds + second - shown;
      writeFileSync(file, `${offset < 0 ? "" : "+"}${offset}`);
    },
  };
}

interface Flows {
  hang: string;
  wait: string;
  retry: string;
  plain: string;
}

async function publishAll({ target, publish }: Stage): Promise<Flows> {
  const duration = { mode: "duration", duration: { amount: WAIT_S, unit: "seconds" } };
  const retry = { attempts: 5, baseMs: 100, capMs: 100 };
  const after = callStep(target, "after");
  const made = {
    hang: graph("trigger -> hang -> after", { hang: callStep(target, "hang", { timeoutMs: 60_000 }), after }),
    wait: graph("trigger -> pause -> after", { pause: { uses: "logic.wait", input: duration }, after }),
    retry: graph("trigger -> flaky -> after", { flaky: callStep(target, "flaky", { retry }), after }),
    plain: graph("trigger -> plain", { plain: callStep(target, "plain") }),
  };
  await publish(
    graph("trigger -> tick", {
      trigger: { uses: "schedule.cron", input: { cron: "* * * * *", timeZone: "America/New_York" } },
      tick: callStep(target, "tick", {
        input: { method: "POST", url: `${target.url}/tick`, bodyType: "json", json: {} },
      }),
    }),
  );
  const urls = { hang: "", wait: "", retry: "", plain: "" };
  for (const [name, flow] of Object.entries(made)) urls[name as keyof Flows] = (await publish(flow)).catchUrl;
  return urls;
}

async function jumpAbout(
  stage: Stage,
  clock: FakeClock,
  jumps: number[],
  say: FaultOptions["say"],
): Promise<FaultReport> {
  const { target, called, sent, program } = stage;
  target.behave = behave();
  const flows = await publishAll(stage);
  const missed: string[] = [];
  const slowest = { plainMs: 0, tickMs: 0 };
  const late: number[] = [];
  for (const [i, seconds] of jumps.entries()) {
    const name = `The jump by ${seconds} s (${i + 1} of ${jumps.length})`;
    if (seconds > 0) await untilJustBefore(clock, SWEEP_MS, 3_000);
    const hung = await sendEvent(stage, flows.hang, `hang-${i}`);
    const waits = await sendEvent(stage, flows.wait, `wait-${i}`);
    await sendEvent(stage, flows.retry, `retry-${i}`);
    await pause(700);
    const ticksBefore = ticks(program.folder).length;
    // back to minutes that are new: those that were due already are not due again
    clock.jump(seconds < 0 ? seconds + NEW_S : seconds, 50);
    const from = performance.now();

    await pause(300);
    const plain = await sendEvent(stage, flows.plain, `plain-${i}`);
    const plainMs = await untilEnded(program.folder, plain, PLAIN_MS);
    if (plainMs === null) missed.push(`${name}: a new event was not carried through in ${PLAIN_MS} ms.`);
    slowest.plainMs = Math.max(slowest.plainMs, plainMs ?? PLAIN_MS);

    if ((await untilEnded(program.folder, hung, HANG_MS + 6_000)) === null)
      missed.push(`${name}: a run whose step was in mid-flight has not ended.`);
    const hangs = called.entries().filter(({ key }) => key === `${hung}:hang`).length;
    if (hangs !== 1) missed.push(`${name}: a step in mid-flight was executed ${hangs} times.`);

    const tickMs = await until(
      () => ticks(program.folder).length > ticksBefore,
      TICK_MS - (performance.now() - from),
    );
    if (tickMs === null) missed.push(`${name}: no schedule was due in ${TICK_MS} ms after it.`);
    else slowest.tickMs = Math.max(slowest.tickMs, Math.round(performance.now() - from));

    const recent = ticks(program.folder).slice(ticksBefore);
    late.push(recent.filter(({ lateMs }) => lateMs > 45_000).length);
    if ((late.at(-1) ?? 0) > 1)
      missed.push(`${name}: ${late.at(-1)} missed times were made up for, one is enough.`);
    if (seconds > 0 && (await untilEnded(program.folder, waits, 65_000)) === null)
      missed.push(`${name}: a wait that is over has not ended within a minute.`);
    const waited = waitedMs(called.entries(), sent.entries(), waits);
    if (seconds < 0 && waited !== null && waited < WAIT_S * 1_000 - 50)
      missed.push(`${name}: a wait of ${WAIT_S} s was over after ${waited} ms.`);
    say(`${name}: event ${plainMs} ms, next schedule ${tickMs} ms, late ones ${late.at(-1)}`);
  }
  return await settle(stage, clock, { missed, slowest, late });
}

/** The clock is right again: a jump to where every wait is over shows that nothing is left behind. */
async function settle(
  { program, sent, called }: Stage,
  clock: FakeClock,
  {
    missed,
    slowest,
    late,
  }: { missed: string[]; slowest: { plainMs: number; tickMs: number }; late: number[] },
): Promise<FaultReport> {
  clock.jump(2 * DAY_S, 10);
  const left = () => sent.entries().filter(({ runId }) => !ended(program.folder, runId ?? "")).length;
  if ((await until(() => left() === 0, 70_000)) === null) missed.push(`${left()} runs are stuck.`);
  const all = ticks(program.folder);
  const twice = all.length - new Set(all.map(({ dueAt }) => dueAt)).size;
  if (twice > 0) missed.push(`${twice} times of the schedule started a run twice.`);
  const checked = check({
    folder: program.folder,
    sent: sent.entries(),
    called: called.entries(),
    output: program.output(),
  });
  // Its clock and ours differ, so what it recorded cannot be compared with when the target was called.
  const usual = checked.missed.filter((sentence) => !sentence.includes("after their result was recorded"));
  const { calledAfterRecord: _, ...figures } = checked.figures;
  return {
    figures: {
      ...figures,
      jumps: late.length,
      ticks: all.length,
      madeUpFor: late.join(" "),
      slowestEventMs: slowest.plainMs,
      slowestScheduleMs: slowest.tickMs,
    },
    missed: [...missed, ...usual],
  };
}

/** /hang takes its time, /flaky fails at first and asks to wait two seconds. */
function behave(): Target["behave"] {
  const failed = new Set<string>();
  return async (call, response) => {
    if (call.path === "/hang") await pause(HANG_MS);
    if (call.path !== "/flaky" || failed.has(call.key)) return answerOk(call, response);
    failed.add(call.key);
    response.writeHead(503, { "retry-after": "2" }).end();
  };
}

async function sendEvent({ sent }: Stage, url: string, id: string): Promise<string> {
  const sentAt = Date.now();
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ id, try: 1 }),
  });
  const { runId = null }: { runId?: string | null } = await answer.json();
  const { status } = answer;
  const entry: Sent = { id, try: 1, dedupeKey: null, status, error: null, runId, sentAt, at: Date.now() };
  await sent.write(entry);
  return runId ?? "";
}

async function untilJustBefore(clock: FakeClock, everyMs: number, beforeMs: number): Promise<void> {
  while (everyMs - (clock.now() % everyMs) > beforeMs) await pause(50);
}

async function until(holds: () => boolean, deadlineMs: number): Promise<number | null> {
  const from = performance.now();
  for (;;) {
    if (holds()) return Math.round(performance.now() - from);
    if (performance.now() - from > deadlineMs) return null;
    await pause(100);
  }
}

function untilEnded(folder: string, runId: string, deadlineMs: number): Promise<number | null> {
  return until(() => ended(folder, runId), deadlineMs);
}

function ended(folder: string, runId: string): boolean {
  const [row] = query(folder, "SELECT status FROM runs WHERE id = ?", runId);
  return row?.status === "succeeded" || row?.status === "failed";
}

/** The runs that the schedule started, oldest first: when each was due, and how much later it began. */
function ticks(folder: string): { dueAt: number; lateMs: number }[] {
  return query(
    folder,
    "SELECT dedupe_key, created_at FROM runs WHERE dedupe_key LIKE 'tick:%' ORDER BY seq",
  ).map(({ dedupe_key, created_at }) => {
    const dueAt = Number(String(dedupe_key).slice("tick:".length));
    return { dueAt, lateMs: Number(created_at) - dueAt };
  });
}

function query(folder: string, sql: string, ...values: string[]) {
  const database = new DatabaseSync(join(folder, "flowcatch.db"), { readOnly: true, timeout: 5_000 });
  try {
    return database.prepare(sql).all(...values);
  } finally {
    database.close();
  }
}

/** By our own clock: from the event to what comes after the wait; null when that has not come. */
function waitedMs(called: { key: string; at: number }[], sent: Sent[], runId: string): number | null {
  const over = called.find(({ key }) => key === `${runId}:after`);
  const begun = sent.find((entry) => entry.runId === runId);
  return over && begun ? over.at - begun.sentAt : null;
}
