// Dies at every single call to the disk and to the outside while one event is carried through a flow.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StepRun } from "../../shared/run.ts";
import { signIn } from "../kit/api.ts";
import { OWNER, type Program, startProgram } from "../kit/process.ts";
import { check, untilSettled } from "./checker.ts";
import { essence, everyKind, flakyAnswers, LARGE, type RunAsStored, storedRuns } from "./crash-flow.ts";
import type { Fault, FaultOptions, FaultReport } from "./fault.ts";
import { type Called, type Ledger, openLedger, type Sent } from "./ledger.ts";
import { startTarget } from "./load.ts";

const PRELOAD = join(import.meta.dirname, "crash-points.ts");
/** Places to die at when not all of them are tried; each before and after. */
const SPREAD = 12;
const AT_ONCE = 2;
/** Steps of the flow that can be in flight together. */
const IN_FLIGHT = 3;
const SETTLE_MS = 20_000;

export const fault: Fault = {
  id: "F2",
  title: "dies before and after every call to the disk and to the outside; the end is as if it had not",
  fast: true,
  run,
};

interface Point {
  k: number;
  when: "before" | "after";
}

/** What all lives have in common. */
interface Place {
  /** Holds a data folder in which the flow is published, and what else is written. */
  folder: string;
  catchPath: string;
  called: Ledger<Called>;
}

interface Life {
  /** What each of its calls was. */
  calls: string[];
  died: boolean;
  runs: RunAsStored[];
  missed: string[];
}

async function run(options: FaultOptions): Promise<FaultReport> {
  const folder = mkdtempSync(join(tmpdir(), "flowcatch-points-"));
  const called = openLedger<Called>(join(folder, "called.jsonl"));
  const target = await startTarget(called);
  target.behave = flakyAnswers();
  try {
    const place = { folder, catchPath: await prepare(folder, everyKind(target)), called };
    const whole = await live(place, "whole");
    if (whole.missed.length > 0) return { figures: {}, missed: whole.missed };
    // What writes may move to another thread, and must not be lost sight of.
    const seen = (call: string) => whole.calls.some((one) => one.startsWith(call));
    if (!seen("COMMIT") || !seen("send"))
      return { figures: {}, missed: [`Not all calls were seen: ${whole.calls.join(", ")}`] };
    return await dieEverywhere(place, whole, options);
  } finally {
    await target.close();
    await called.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A data folder with an owner and a published flow; gives the path of its catch URL. */
async function prepare(folder: string, graph: ReturnType<typeof everyKind>): Promise<string> {
  const program = await startProgram({ DATA_DIR: join(folder, "prepared") });
  try {
    const client = await signIn(program.url, OWNER.email, OWNER.password);
    const { id } = await client("createFlow", { body: { name: "Dies everywhere", graph } });
    const { catchUrl } = await client("publishFlow", { params: { id }, body: {} });
    await program.terminate();
    return new URL(catchUrl).pathname;
  } finally {
    await program.close();
  }
}

async function dieEverywhere(place: Place, whole: Life, { full, say }: FaultOptions): Promise<FaultReport> {
  const total = whole.calls.length;
  const [expected = ""] = whole.runs.map(essence);
  const points = chooseCalls(total, full).flatMap((k): Point[] => [
    { k, when: "before" },
    { k, when: "after" },
  ]);
  const missed: string[] = [];
  const sum = { died: 0, outlived: 0, runs: 0, secondRuns: 0, kinds: new Set<string>() };
  const todo = [...points];
  const worker = async () => {
    for (let point = todo.shift(); point; point = todo.shift()) {
      const life = await live(place, `${point.k}-${point.when}`, point);
      const where = `Dying ${point.when} call ${point.k} (${life.calls.at(-1)})`;
      const other = life.runs.filter((made) => essence(made) !== expected);
      missed.push(...life.missed.map((sentence) => `${where}: ${sentence}`));
      if (other.length > 0)
        missed.push(`${where}: a run came to another end: ${difference(expected, other[0])}`);
      if (life.died) sum.died++;
      else sum.outlived++;
      sum.runs += life.runs.length;
      sum.secondRuns += life.runs.length - 1;
      sum.kinds.add(life.calls.at(-1)?.split(" ")[0] ?? "");
      say(`${points.length - todo.length} of ${points.length}: ${where}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  // The program does some things by the clock, and writes share commits as they happen to come: a life can have fewer
  // calls than the one that was counted.
  if (sum.outlived > points.length / 4)
    missed.push(
      `${sum.outlived} of ${points.length} lives ended without coming to the call they were to die at.`,
    );
  const times = [...Map.groupBy(place.called.entries(), ({ key }) => key).values()].map(
    (calls) => calls.length,
  );
  return {
    figures: {
      calls: total,
      points: points.length,
      died: sum.died,
      outlived: sum.outlived,
      kindsOfCalls: [...sum.kinds].sort().join(" "),
      runs: sum.runs,
      runsOfUnansweredTries: sum.secondRuns,
      callsToTarget: times.reduce((a, b) => a + b, 0),
      mostCallsPerKey: Math.max(...times),
    },
    missed,
  };
}

/** All of them, or as many as are spread over them. The last few are left out: another life may have fewer. */
function chooseCalls(total: number, full: boolean): number[] {
  if (full) return Array.from({ length: total }, (_, i) => i + 1);
  return Array.from({ length: SPREAD }, (_, i) => 1 + Math.round((i * (total - 4)) / (SPREAD - 1)));
}

/** One life, from the event to its end: until the process dies at `point` and once more, or without dying. */
async function live(place: Place, name: string, point?: Point): Promise<Life> {
  const data = join(place.folder, name);
  const log = join(place.folder, `${name}.calls`);
  const from = join(place.folder, `${name}.from`);
  cpSync(join(place.folder, "prepared"), data, { recursive: true });
  writeFileSync(log, "");
  const program = await startProgram({
    DATA_DIR: data,
    NODE_OPTIONS: `--require ${PRELOAD}`,
    CRASH_LOG: log,
    CRASH_FROM: from,
    ...(point ? { CRASH_AT: String(point.k), CRASH_WHEN: point.when } : {}),
  });
  let current: Program = program;
  try {
    writeFileSync(from, "");
    const sent: Sent[] = [await send(program, place.catchPath, 1)];
    await Promise.race([gone(program), settled(data)]);
    const died = !isAlive(program.pid());
    const calls = readFileSync(log, "utf8").trimEnd().split("\n");
    const before = died ? storedRuns(data) : [];
    const diedAt = Date.now();
    if (died) {
      current = await startProgram({ DATA_DIR: data });
      for (let attempt = 2; sent.at(-1)?.status !== 202 && attempt < 5; attempt++)
        sent.push(await send(current, place.catchPath, attempt));
    }
    const missed: string[] = [];
    if ((await untilSettled(data, SETTLE_MS)) === null)
      missed.push(`After ${SETTLE_MS} ms a run was still open.`);
    await current.terminate();
    const runs = storedRuns(data);
    const mine = place.called.entries().filter((call) => runs.some(({ id }) => id === call.run));
    const options = { kills: died ? 1 : 0, inFlight: IN_FLIGHT };
    const { output } = current;
    missed.push(...check({ folder: data, sent, called: mine, ...options, output: output() }).missed);
    missed.push(...doneAgain(before, runs, mine, diedAt), ...otherKeys(mine));
    return { calls, died, runs, missed };
  } finally {
    await program.close();
    await current.close();
    for (const path of [data, log, from]) rmSync(path, { recursive: true, force: true });
  }
}

async function send(program: Program, path: string, attempt: number): Promise<Sent> {
  const sentAt = Date.now();
  const entry = { id: "only", try: attempt, dedupeKey: null, status: 0, error: null, runId: null, sentAt };
  try {
    const answer = await fetch(`${program.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ id: "only", try: attempt, ...LARGE }),
    });
    const { runId = null }: { runId?: string | null } = await answer.json();
    return { ...entry, status: answer.status, runId, at: Date.now() };
  } catch (error) {
    return { ...entry, error: String(error), at: Date.now() };
  }
}

/** Resolves when the process is gone. */
async function gone(program: Program): Promise<void> {
  while (isAlive(program.pid())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Resolves when there is a run, and every run has ended. */
async function settled(data: string): Promise<void> {
  const ends = performance.now() + SETTLE_MS;
  while (performance.now() < ends) {
    const runs = storedRuns(data);
    if (runs.length > 0 && runs.every(({ status }) => status === "succeeded" || status === "failed")) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function isAlive(pid: number): boolean {
  try {
    // a process that has died stays visible until its parent has read its end
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** Steps whose result was on disk when the process died, and that were executed again all the same. */
function doneAgain(before: RunAsStored[], after: RunAsStored[], called: Called[], diedAt: number): string[] {
  const missed: string[] = [];
  for (const { id, steps } of before) {
    const now = new Map(after.find((made) => made.id === id)?.steps.map((step) => [step.path, step]));
    for (const step of steps.filter(isOver)) {
      if (now.get(step.path)?.finishedAt !== step.finishedAt)
        missed.push(`“${step.path}” was recorded, and was recorded again later.`);
      if (called.some(({ key, at }) => key === `${id}:${step.path}` && at > diedAt))
        missed.push(`“${step.path}” was recorded, and the target was called for it again.`);
    }
  }
  return missed;
}

function isOver({ status }: StepRun): boolean {
  return status === "done" || status === "failed" || status === "skipped";
}

/** Calls of one run to one address that came with different keys. */
function otherKeys(called: Called[]): string[] {
  return [...Map.groupBy(called, ({ run, path }) => `${run} ${path}`)]
    .filter(([, calls]) => new Set(calls.map(({ key }) => key)).size > 1)
    .map(([where]) => `${where} was called with different idempotency keys.`);
}

function difference(expected: string, other: RunAsStored | undefined): string {
  const known = new Set(expected.split("\n"));
  const lines = other
    ? essence(other)
        .split("\n")
        .filter((line) => !known.has(line))
    : [];
  return (lines.join(" | ") || "something is missing").slice(0, 500);
}
