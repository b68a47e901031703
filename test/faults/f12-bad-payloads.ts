// F12: bodies and requests that are broken, odd or malicious, at a catch URL.

import { createServer } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";
import { graph } from "../kit/graph.ts";
import { type BadPayload, badBodies, MOST_BODY } from "./bad-bodies.ts";
import { badRequests } from "./bad-requests.ts";
import type { Fault, FaultOptions, FaultReport } from "./fault.ts";
import { queuedMs, rounded, rssMb } from "./measures.ts";
import { type Ping, startPinger } from "./pinger.ts";
import { type RawAnswer, sendRaw } from "./raw-sender.ts";
import { pause, startScene } from "./scene.ts";

const MOST_ANSWER_MS = 1_000;
/** On a machine on which Node itself is slower than that with the same bytes, so many times what it takes. */
const MOST_LAG_MS = 200;
const MOST_TIMES_BARE = 2;
const MOST_GROWTH_MB = 50;
const GIVEN_BACK_MS = 75_000;

export const fault: Fault = {
  id: "F12",
  title:
    "Broken payloads are refused in words or kept byte for byte; nothing crashes, and nobody else waits.",
  fast: true,
  run,
};

interface Accepted {
  name: string;
  runId: string;
  raw: Buffer;
}

async function run({ say }: FaultOptions): Promise<FaultReport> {
  // Made before anything is measured: packing 200 MB keeps this process busy.
  const payloads = [...badBodies(), ...badRequests()];
  const missed: string[] = [];
  const scene = await startScene();
  try {
    const flow = await scene.publish("payloads", graph("trigger -> step"));
    const pid = scene.program.pid();
    const rssIdle = rssMb(pid);
    await warmUp(flow.catchUrl);
    // What good bodies of the same size leave behind: nothing that is broken may leave more.
    const rssBefore = await settledRss(pid, rssIdle);
    const warm = await scene.countRuns(flow.id);
    const pinger = startPinger(scene.program.url, pid, 10);
    const times: { name: string; from: number; to: number; ms: number }[] = [];
    const accepted: Accepted[] = [];
    for (const payload of payloads) {
      const from = Date.now();
      const queued = queuedMs(pid) + queuedMs(process.pid);
      const heard = await sendRaw(scene.port, [requestOf(flow.path, payload)], { end: payload.end === true });
      const [answer] = heard.answers;
      const to = Date.now();
      // what either side stood in the queue for a processor is the neighbours' time
      const ms = Math.max(0, heard.ms - (queuedMs(pid) + queuedMs(process.pid) - queued));
      times.push({ name: payload.name, from, to, ms });
      missed.push(...judge(payload, answer, heard.answers.length, ms));
      if (answer?.status === 202)
        accepted.push({ name: payload.name, runId: runIdOf(answer), raw: rawOf(payload) });
      say(`${payload.name}: ${answer?.status ?? "nothing"} in ${Math.round(ms)} ms`);
    }
    await pause(300);
    await pinger.stop();
    for (const ping of pinger.pings.filter(({ ms, ok }) => ms > MOST_LAG_MS || !ok)) {
      const names = sentDuring(ping, times);
      const bare = await bareMs(payloads.filter(({ name }) => names.includes(name)));
      if (!ping.ok || ping.ms > MOST_TIMES_BARE * bare) missed.push(describeLag(ping, names, bare));
    }
    const grown = (await settledRss(pid, rssBefore)) - rssBefore;
    if (grown > MOST_GROWTH_MB) missed.push(`It holds ${rounded(grown)} MB more than before.`);
    const runs = (await scene.countRuns(flow.id)) - warm;
    if (runs !== accepted.length)
      missed.push(`There are ${runs} runs for ${accepted.length} accepted events.`);
    await scene.program.terminate();
    missed.push(...compareStored(scene.program.folder, accepted));
    if (/"level":"(error|fatal)"/.test(scene.program.output())) missed.push("The program logged a defect.");
    return {
      figures: {
        payloads: payloads.length,
        accepted: accepted.length,
        refused: payloads.length - accepted.length,
        slowestAnswerMs: Math.round(Math.max(...times.map(({ ms }) => ms))),
        pings: pinger.pings.length,
        mostLagMs: Math.round(Math.max(...pinger.pings.map(({ ms }) => ms))),
        rssGrownMb: rounded(grown),
      },
      missed,
    };
  } finally {
    await scene.close();
  }
}

/** The first requests make the program load and compile what all later ones use. */
async function warmUp(catchUrl: string): Promise<void> {
  const body = JSON.stringify({ text: "x".repeat(1024 * 1024) });
  const long = "x".repeat(MOST_BODY);
  for (let i = 0; i < 20; i++)
    await fetch(catchUrl, { method: "POST", headers: { "content-type": "application/json" }, body });
  for (let i = 0; i < 3; i++)
    await fetch(catchUrl, { method: "POST", headers: { "content-type": "text/plain" }, body: long });
}

function requestOf(path: string, payload: BadPayload): Buffer {
  const { method = "POST", suffix = "", headers, body, length = String(Buffer.byteLength(body)) } = payload;
  const close = headers.some((line) => line.startsWith("Connection:")) ? [] : ["Connection: close"];
  const lines = [
    `${method} ${path}${suffix} HTTP/1.1`,
    "Host: localhost",
    ...close,
    ...headers,
    ...(length === null ? [] : [`Content-Length: ${length}`]),
  ];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), Buffer.from(body)]);
}

function rawOf({ body, stored }: BadPayload): Buffer {
  return Buffer.from(stored ?? body);
}

function judge(payload: BadPayload, answer: RawAnswer | undefined, answers: number, ms: number): string[] {
  const { name, status, code } = payload;
  if (!answer) return [`“${name}” was not answered.`];
  const found: string[] = [];
  if (answers > 1) found.push(`“${name}” was answered ${answers} times.`);
  if (answer.status !== status)
    found.push(`“${name}” was answered ${answer.status}, not ${status}: ${answer.body}`);
  if (ms > MOST_ANSWER_MS) found.push(`“${name}” was answered after ${Math.round(ms)} ms.`);
  if (answer.status >= 400) {
    const problem = problemIn(answer.body);
    if (!problem.title || !problem.detail)
      found.push(`“${name}” was refused without a sentence or a hint: ${answer.body}`);
    if (code !== undefined && problem.code !== code)
      found.push(`“${name}” was refused with the code ${problem.code}, not ${code}.`);
  }
  return found;
}

function problemIn(body: string): { code?: string; title?: string; detail?: string } {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}

function runIdOf({ body }: RawAnswer): string {
  const { runId }: { runId?: string } = JSON.parse(body);
  return runId ?? "";
}

function sentDuring(ping: Ping, times: readonly { name: string; from: number; to: number }[]): string[] {
  const end = ping.at + ping.ms;
  return times.filter(({ from, to }) => from <= end && to >= ping.at).map(({ name }) => name);
}

function describeLag(ping: Ping, names: readonly string[], bare: number): string {
  const what = ping.ok ? `A sign of life took ${Math.round(ping.ms)} ms` : "There was no sign of life";
  const during = names.map((name) => `“${name}”`).join(", ") || "the rest";
  return `${what} during ${during}, for which bare Node takes ${Math.round(bare)} ms here.`;
}

/** For how long the slowest of the payloads keeps a server that only reads it, as data where it can: the least of three. */
async function bareMs(payloads: readonly BadPayload[]): Promise<number> {
  const server = createServer(async (req, res) => {
    const body = await text(req).catch(() => "");
    try {
      JSON.parse(body);
    } catch {}
    res.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  let slowest = 0;
  for (const payload of payloads) {
    const took: number[] = [];
    for (let i = 0; i < 3; i++) {
      const { ms } = await sendRaw(port, [requestOf("/", payload)], { end: payload.end === true });
      took.push(ms);
    }
    slowest = Math.max(slowest, Math.min(...took));
  }
  server.closeAllConnections();
  server.close();
  return slowest;
}

/** What a burst took is given back after a minute of quiet (`server/spare-memory.ts`): what is held then is held for good. */
async function settledRss(pid: number, before: number): Promise<number> {
  const until = performance.now() + GIVEN_BACK_MS;
  let least = rssMb(pid);
  while (least - before > MOST_GROWTH_MB / 2 && performance.now() < until) {
    await pause(500);
    least = Math.min(least, rssMb(pid));
  }
  return least;
}

function compareStored(folder: string, accepted: readonly Accepted[]): string[] {
  const database = new DatabaseSync(join(folder, "flowcatch.db"), { readOnly: true });
  const row = database.prepare(
    "SELECT raw FROM run_events JOIN runs ON runs.seq = run_seq WHERE runs.id = ?",
  );
  const found = accepted
    .filter(({ runId, raw }) => {
      const stored = row.get(runId)?.raw;
      return !(stored instanceof Uint8Array && raw.equals(stored));
    })
    .map(({ name }) => `“${name}” is not stored as it was sent.`);
  database.close();
  return found;
}
