// F13: hundreds of connections that are as slow as they may be, while a normal sender goes on.

import { graph } from "../kit/graph.ts";
import type { Fault, FaultOptions, FaultReport } from "./fault.ts";
import { openFiles, percentile, queuedMs, rounded, rssMb } from "./measures.ts";
import { pause, startScene } from "./scene.ts";
import { openSlow, type Slowness } from "./slow-senders.ts";

/** As the server has them: how long headers, a whole request and (looked at twice) an unread answer may take. */
const LIMITS_MS: Record<Slowness, number> = { headers: 10_000, body: 30_000, read: 30_000 };
const INTERVAL_MS = 5_000;
const MOST_P99_MS = 500;
/** Of answers that nobody takes, one for each connection lies in memory, and not one for each request. */
const MOST_GROWTH_MB = 200;

export const fault: Fault = {
  id: "F13",
  title: "Hundreds of slow connections are closed in time, and a normal sender does not feel them.",
  fast: true,
  run,
};

async function run({ full, say }: FaultOptions): Promise<FaultReport> {
  const count = full ? 500 : 200;
  const missed: string[] = [];
  const scene = await startScene();
  const pid = scene.program.pid();
  const slow: ReturnType<typeof openSlow>[] = [];
  try {
    const { path, catchUrl } = await scene.publish("slow", graph("trigger -> step"));
    const { token } = await scene.client("createToken", { body: { name: "slow" } });
    const large = `GET /api/openapi.json HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    for (let i = 0; i < 50; i++) await sendOne(catchUrl, pid);
    await pause(200);
    const filesBefore = openFiles(pid);
    const rssBefore = rssMb(pid);
    const from = performance.now();
    const queued = queuedMs(pid);
    const aim = { port: scene.port, path, large };
    // Few of them read nothing: each makes the server write some megabytes first, which is another kind of attack.
    for (let i = 0; i < count; i++)
      slow.push(openSlow(aim, i % 10 === 0 ? "read" : i % 2 ? "headers" : "body"));
    const took: number[] = [];
    let failed = 0;
    let mostFiles = 0;
    const lastMs = Math.max(...Object.values(LIMITS_MS)) + INTERVAL_MS + 4_000;
    const underWay = () => performance.now() - from < 8_000 || openFiles(pid) > filesBefore + 2;
    while (performance.now() - from < lastMs && underWay()) {
      const sent = await sendOne(catchUrl, pid);
      if (sent === null) failed++;
      else took.push(sent);
      mostFiles = Math.max(mostFiles, openFiles(pid));
      await pause(20);
    }
    // One that does not read does not see its connection's end either: the program's own files tell.
    const leftOpen = openFiles(pid) - filesBefore;
    const allClosedMs = Math.round(performance.now() - from);
    if (leftOpen > 2) missed.push(`After ${allClosedMs} ms ${leftOpen} connections are still open.`);
    const slackMs = 1_000 + queuedMs(pid) - queued;
    const figures: FaultReport["figures"] = {
      connections: count,
      normalSent: took.length,
      failed,
      allClosedMs,
    };
    for (const kind of ["headers", "body"] as const) {
      const closed = slow.filter((one) => one.kind === kind).map((one) => one.closedAfter());
      const open = closed.filter((ms) => ms === null).length;
      const last = Math.round(Math.max(...closed.map((ms) => ms ?? 0)));
      figures[`${kind}LastClosedMs`] = last;
      if (open > 0) missed.push(`${open} connections that are slow at “${kind}” are still open.`);
      if (last > LIMITS_MS[kind] + INTERVAL_MS + slackMs)
        missed.push(`Connections that are slow at “${kind}” were closed only after ${last} ms.`);
      say(`${kind}: ${open} open, the last closed after ${last} ms`);
    }
    const p99 = percentile(took, 0.99);
    if (p99 > MOST_P99_MS) missed.push(`A normal sender's p99 was ${rounded(p99)} ms.`);
    if (failed > 0) missed.push(`${failed} normal events were not accepted.`);
    for (const one of slow) one.destroy();
    await pause(500);
    const filesAfter = openFiles(pid);
    if (mostFiles < filesBefore + count / 2) missed.push("The attack never had its connections open.");
    if (filesAfter > filesBefore + 2)
      missed.push(`${filesAfter - filesBefore} files more are open than before.`);
    const rssGrownMb = rounded(rssMb(pid) - rssBefore);
    if (rssGrownMb > MOST_GROWTH_MB) missed.push(`It took ${rssGrownMb} MB.`);
    return {
      figures: {
        ...figures,
        normalP50Ms: rounded(percentile(took, 0.5)),
        normalP99Ms: rounded(p99),
        filesBefore,
        mostFiles,
        filesAfter,
        rssGrownMb,
      },
      missed,
    };
  } finally {
    for (const one of slow) one.destroy();
    await scene.close();
  }
}

/** Milliseconds until the event was accepted, without what the machine's neighbours took; null when it was not. */
async function sendOne(catchUrl: string, pid: number): Promise<number | null> {
  const from = performance.now();
  const before = queuedMs(pid) + queuedMs(process.pid);
  const answer = await fetch(catchUrl, { method: "POST", body: '{"n":1}' });
  await answer.arrayBuffer();
  const neighboursMs = queuedMs(pid) + queuedMs(process.pid) - before;
  return answer.status === 202 ? Math.max(0, performance.now() - from - neighboursMs) : null;
}
