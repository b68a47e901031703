// F10: targets that misbehave in every known way, and whether one flow's trouble stays its own.

import { isFinal, type StepRun } from "../../shared/run.ts";
import { graph } from "../kit/graph.ts";
import { type BadTargets, EXPIRED_AUTHORITY, startBadTargets, type TargetMode } from "./bad-targets.ts";
import type { Fault, FaultOptions, FaultReport } from "./fault.ts";
import { percentile, queuedMs, rounded, rssMb } from "./measures.ts";
import { type PublishedFlow, pause, type Scene, startScene } from "./scene.ts";

const TIMEOUT_MS = 3_000;
const MOST_GROWTH_MB = 20;
const RETRY = { attempts: 3, baseMs: 200, capMs: 1_000 };
/** A figure below this is noise, whatever it was before. */
const FLOOR_MS = 25;
const HANGING = 100;

export const fault: Fault = {
  id: "F10",
  title: "Whatever a target does, its step ends in time and in words, and other flows do not feel it.",
  fast: true,
  run,
};

interface Expected {
  mode: TargetMode;
  /** Of the problem at the end; null where the step succeeds in the end. */
  code: string | null;
  /** How often it is tried, all told. */
  attempts: number;
  /** Between the first two attempts, where the target asked for a time. */
  gapMs?: [least: number, most: number];
}

/** Tried as often as its retries allow. */
const again = (mode: TargetMode, code: string): Expected => ({ mode, code, attempts: RETRY.attempts });
const once = (mode: TargetMode, code: string): Expected => ({ mode, code, attempts: 1 });

const EXPECTED: Expected[] = [
  { mode: "ok", code: null, attempts: 1 },
  again("refuse", "http-network"),
  again("resetAfterHeaders", "http-network"),
  again("hangBeforeHeaders", "http-timeout"),
  again("hangAfterHeaders", "http-timeout"),
  again("drip", "http-timeout"),
  again("failsAlways", "http-status"),
  again("shortBody", "http-network"),
  again("badChunks", "http-bad-answer"),
  again("badGzip", "http-bad-answer"),
  again("noHttp", "http-bad-answer"),
  once("redirectLoop", "http-redirects"),
  once("tlsSelfSigned", "http-tls"),
  once("tlsExpired", "http-tls"),
  { mode: "failsTwice", code: null, attempts: 3 },
  { mode: "busySeconds", code: null, attempts: 2, gapMs: [2_000, 2_000] },
  { mode: "busyDate", code: null, attempts: 2, gapMs: [2_000, 3_000] },
  { mode: "busyNonsense", code: null, attempts: 2 },
];

/** These send more than anybody takes. */
const FLOODS: Expected[] = [
  once("endless", "http-too-large"),
  once("huge", "http-too-large"),
  once("hugeUnsaid", "http-too-large"),
  once("gzipBomb", "http-too-large"),
  once("hugeHeader", "http-too-large"),
];

async function run({ full, say }: FaultOptions): Promise<FaultReport> {
  const targets = await startBadTargets();
  const scene = await startScene({ NODE_EXTRA_CA_CERTS: EXPIRED_AUTHORITY });
  try {
    const one = await misbehave(scene, targets, say);
    const two = await flood(scene, targets, full ? 10 : 3, say);
    const three = await hang(scene, targets, full ? 12_000 : 6_000, say);
    const { figures, missed } = join([one, two, three]);
    if (/"level":"(error|fatal)"/.test(scene.program.output())) missed.push("The program logged a defect.");
    return { figures, missed };
  } finally {
    await scene.close();
    await targets.close();
  }
}

function join(reports: readonly FaultReport[]): FaultReport {
  return {
    figures: Object.assign({}, ...reports.map(({ figures }) => figures)),
    missed: reports.flatMap(({ missed }) => missed),
  };
}

function publishCall(scene: Scene, name: string, url: string, seconds = TIMEOUT_MS / 1_000, retry = RETRY) {
  const call = { uses: "http.request", input: { url, timeoutSeconds: seconds }, retry };
  return scene.publish(name, graph("trigger -> call", { call }));
}

async function start(flow: PublishedFlow): Promise<string> {
  const answer = await fetch(flow.catchUrl, { method: "POST", body: "1" });
  const { runId }: { runId: string } = JSON.parse(await answer.text());
  return runId;
}

/** The step of a run that has ended, or that waits for longer than anybody watches. */
async function ended(scene: Scene, runId: string, mostMs: number): Promise<StepRun | undefined> {
  const until = Date.now() + mostMs;
  for (;;) {
    const run = await scene.client("run", { params: { id: runId } });
    const [step] = run.steps;
    const longWait = (step?.until ?? 0) > Date.now() + 60_000;
    if (isFinal(run.status) || longWait || Date.now() > until) return step;
    await pause(100);
  }
}

/** Every way of misbehaving at once, each towards a flow of its own. */
async function misbehave(
  scene: Scene,
  targets: BadTargets,
  say: (line: string) => void,
): Promise<FaultReport> {
  const missed: string[] = [];
  let longest = 0;
  const pid = scene.program.pid();
  const queued = queuedMs(pid);
  await Promise.all(
    EXPECTED.map(async (expected) => {
      const { mode } = expected;
      const runId = await start(await publishCall(scene, mode, targets.url(mode)));
      const step = await ended(scene, runId, 20_000);
      const spans = spansOf(step);
      longest = Math.max(longest, ...spans.map(({ from, to }) => to - from));
      missed.push(...judge(expected, step, targets.calls(mode).length, queuedMs(pid) - queued));
      say(`${mode}: ${step?.status} ${step?.problem?.code ?? ""} after ${spans.length} attempts`);
    }),
  );
  const asked = Date.now();
  const step = await ended(
    scene,
    await start(await publishCall(scene, "busyForEver", targets.url("busyForEver"))),
    5_000,
  );
  const dayMs = 86_400_000;
  const waits = (step?.until ?? 0) - asked;
  if (step?.status !== "waiting" || waits < dayMs * 0.8 || waits > dayMs * 1.2)
    missed.push(`“busyForEver” is ${step?.status} for ${waits} ms, not waiting for a day.`);
  return { figures: { modes: EXPECTED.length + FLOODS.length + 1, longestAttemptMs: longest }, missed };
}

/** From when to when each attempt took, oldest first. */
function spansOf(step: StepRun | undefined): { from: number; to: number }[] {
  if (!step) return [];
  const earlier = step.attempts.filter(({ attempt }) => attempt < step.attempt);
  return [...earlier, step].map(({ startedAt, finishedAt }) => ({
    from: startedAt ?? 0,
    to: finishedAt ?? 0,
  }));
}

/** `slackMs` is what the program stood in the queue for a processor meanwhile: that is no fault of its own. */
function judge(
  { mode, code, attempts, gapMs }: Expected,
  step: StepRun | undefined,
  calls: number,
  slackMs: number,
): string[] {
  const found: string[] = [];
  const spans = spansOf(step);
  if (step?.status !== (code === null ? "done" : "failed")) found.push(`“${mode}” ended as ${step?.status}.`);
  if ((step?.problem?.code ?? null) !== code)
    found.push(`“${mode}” ended with the code ${step?.problem?.code ?? "none"}, not ${code ?? "none"}.`);
  if (spans.length !== attempts) found.push(`“${mode}” was tried ${spans.length} times, not ${attempts}.`);
  const counted = !["refuse", "tlsSelfSigned", "tlsExpired", "redirectLoop"].includes(mode);
  if (counted && calls !== attempts) found.push(`“${mode}” was called ${calls} times, not ${attempts}.`);
  for (const { from, to } of spans)
    if (to - from > TIMEOUT_MS + 1_000 + slackMs) found.push(`An attempt at “${mode}” took ${to - from} ms.`);
  for (const [i, { from }] of spans.entries()) {
    const before = spans[i - 1];
    if (!before) continue;
    const ceiling = Math.min(RETRY.capMs, RETRY.baseMs * 2 ** (i - 1));
    const [least, most] = (i === 1 && gapMs) || [0, ceiling];
    const gap = from - before.to;
    if (gap < least * 0.8 || gap > most * 1.2 + 100 + slackMs)
      found.push(`“${mode}” was tried again after ${gap} ms, not ${least} to ${most} ms.`);
  }
  return found;
}

/** What sends without end must not end in memory. */
async function flood(
  scene: Scene,
  targets: BadTargets,
  times: number,
  say: (line: string) => void,
): Promise<FaultReport> {
  const missed: string[] = [];
  const pid = scene.program.pid();
  const grown: Record<string, number> = {};
  for (const expected of FLOODS) {
    const { mode } = expected;
    const flow = await publishCall(scene, mode, targets.url(mode));
    // the first one loads and compiles what it needs
    await ended(scene, await start(flow), 20_000);
    const before = rssMb(pid);
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, rssMb(pid));
    }, 20);
    for (let i = 0; i < times; i++) {
      const step = await ended(scene, await start(flow), 20_000);
      missed.push(...judge(expected, step, 1, 0));
    }
    clearInterval(watch);
    const growth = rounded(most - before);
    grown[`${mode}GrownMb`] = growth;
    say(`${mode}: ${growth} MB more at most`);
    if (growth > MOST_GROWTH_MB) missed.push(`“${mode}” took ${growth} MB.`);
  }
  return { figures: grown, missed };
}

/** Many steps of one flow hang; another flow is measured before and meanwhile. */
async function hang(
  scene: Scene,
  targets: BadTargets,
  forMs: number,
  say: (line: string) => void,
): Promise<FaultReport> {
  const missed: string[] = [];
  const single = { ...RETRY, attempts: 1 };
  const hangSeconds = forMs / 1_000 + 8;
  const good = await publishCall(scene, "good", `${targets.url("ok")}/{{trigger.body.n}}`, 5, single);
  const bad = await publishCall(
    scene,
    "hanging",
    `${targets.url("hangBeforeHeaders")}/bulk`,
    hangSeconds,
    single,
  );
  await measure(good, targets, 1_000, "warm");
  const calm = await bestOf(good, targets, forMs, "calm");
  const runs = await Promise.all(Array.from({ length: HANGING }, () => start(bad)));
  await pause(500);
  const hanging = await bestOf(good, targets, forMs, "hanging");
  const inFlight = targets.calls("hangBeforeHeaders/bulk").length;
  say(`p99 ${calm.p99} ms before, ${hanging.p99} ms with ${inFlight} of ${HANGING} steps hanging`);
  const most = Math.max(2 * calm.p99, FLOOR_MS);
  if (hanging.p99 > most)
    missed.push(
      `With ${HANGING} steps hanging another flow's p99 is ${hanging.p99} ms, not ${rounded(most)} ms.`,
    );
  for (const [when, { missing }] of Object.entries({ calm, hanging }))
    if (missing > 0) missed.push(`${missing} events of the good flow never reached their target (${when}).`);
  const steps = await Promise.all(runs.map((id) => ended(scene, id, hangSeconds * 1_000 + 5_000)));
  const late = steps.filter((step) => {
    const [span] = spansOf(step);
    return (
      step?.problem?.code !== "http-timeout" || !span || span.to - span.from > hangSeconds * 1_000 + 1_000
    );
  });
  if (late.length > 0)
    missed.push(`${late.length} of ${HANGING} hanging steps did not end by their own time limit.`);
  return {
    figures: {
      hangingInFlight: inFlight,
      calmP50Ms: calm.p50,
      calmP99Ms: calm.p99,
      hangingP50Ms: hanging.p50,
      hangingP99Ms: hanging.p99,
    },
    missed,
  };
}

/** The calmest of three windows: a neighbour on the machine disturbs one of them, a lack of hands disturbs all. */
async function bestOf(flow: PublishedFlow, targets: BadTargets, forMs: number, name: string) {
  const windows = [];
  for (let i = 1; i <= 3; i++) windows.push(await measure(flow, targets, forMs / 3, `${name}-${i}`));
  return {
    p50: Math.min(...windows.map(({ p50 }) => p50)),
    p99: Math.min(...windows.map(({ p99 }) => p99)),
    missing: windows.reduce((sum, { missing }) => sum + missing, 0),
  };
}

/** 50 events a second: how long each took from its sender, through the flow, to its target. */
async function measure(flow: PublishedFlow, targets: BadTargets, forMs: number, name: string) {
  const sentAt: number[] = [];
  const sends: Promise<unknown>[] = [];
  const from = performance.now();
  while (performance.now() - from < forMs) {
    while (sentAt.length < ((performance.now() - from) / 1_000) * 50) {
      const n = sentAt.push(Date.now()) - 1;
      const headers = { "content-type": "application/json" };
      sends.push(
        fetch(flow.catchUrl, { method: "POST", headers, body: JSON.stringify({ n: `${name}-${n}` }) }),
      );
    }
    await pause(5);
  }
  await Promise.all(sends);
  const arrived = (n: number) => targets.calls(`ok/${name}-${n}`)[0];
  for (let i = 0; i < 30 && sentAt.some((_, n) => arrived(n) === undefined); i++) await pause(100);
  const took = sentAt.flatMap((at, n) => {
    const arrival = arrived(n);
    return arrival === undefined ? [] : [arrival - at];
  });
  return { p50: percentile(took, 0.5), p99: percentile(took, 0.99), missing: sentAt.length - took.length };
}
