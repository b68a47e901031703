// The same load on any other product's webhook.

import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import type { Options, Part } from "./arguments.ts";
import { closedLoop } from "./closed-loop.ts";
import { type OpenFigures, openLoop } from "./open-loop.ts";
import { ORDER_HEADERS } from "./order.ts";
import { type Rig, type Round, startRig, type Target } from "./rig.ts";
import { figure, table } from "./table.ts";

const CONNECTIONS = 50;

export async function measurePeer(options: Options, peer: { url: string; flow: string }): Promise<void> {
  const rig = await startRig(options.sinkPort);
  try {
    process.stdout.write(
      `“${peer.flow}” should POST to ${rig.sinkUrl}, with the order's cart_token anywhere in the body.\n`,
    );
    await goAhead();
    const target = await tryOut(rig, peer.url);
    if (!target) {
      process.exitCode = 1;
      return;
    }
    const { quick, only } = options;
    const has = (part: Part) => only === null || only.includes(part);
    const found = !has("closed")
      ? undefined
      : await closedLoop(rig, new Map([[peer.flow, target]]), {
          rounds: options.rounds ?? (quick ? 2 : 3),
          seconds: options.seconds ?? (quick ? 2 : 5),
          connections: CONNECTIONS,
          warmSeconds: quick ? 2 : 20,
          againSeconds: 0, // nobody else has a turn
        });
    const closed = found?.get(peer.flow) ?? null;
    const open = !has("open")
      ? null
      : await openLoop(rig, target, {
          seconds: options.seconds ?? (quick ? 2 : 5),
          connections: CONNECTIONS,
          expected: closed?.figures.finishedPerSecond ?? closed?.figures.acceptedPerSecond ?? null,
          quick,
        });
    process.stdout.write(`\n${peerTable(peer.flow, closed?.rounds ?? [], open)}\n`);
    if (options.json) {
      const figures = { peer, closed: closed?.figures ?? null, open };
      writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
    }
  } finally {
    await rig.close();
  }
}

/** A few requests, to see that it takes them and whether they arrive. Says why, and gives null, when it takes none. */
async function tryOut(rig: Rig, url: string): Promise<Target | null> {
  const target = { urls: [url], headers: ORDER_HEADERS, pid: null, posts: true };
  const { load, sink } = await rig.drive(target, { kind: "open", seconds: 1, connections: 1, perSecond: 5 });
  if (load.accepted === 0) {
    const answers = Object.keys(load.answers).join(", ");
    const said = load.firstRefusal?.slice(0, 300) || "nothing";
    process.stderr.write(`${url} takes no orders: it answers ${answers} and says ${said}\n`);
    return null;
  }
  const posts = (sink?.arrived ?? 0) > 0;
  process.stdout.write(
    posts ? "They arrive at the sink.\n" : "Nothing arrives at the sink: answers alone.\n",
  );
  return { ...target, posts };
}

function peerTable(name: string, rounds: Round[], open: OpenFigures | null): string {
  const row = (what: string, taken: number, round: Round, note: string) => [
    what,
    figure(taken),
    figure(round.finishedPerSecond),
    figure(round.load.ackP50Ms),
    figure(round.load.ackP99Ms),
    figure(round.sink?.p50Ms),
    figure(round.sink?.p99Ms),
    note,
  ];
  return table([
    [name, "taken/s", "finished/s", "ack p50", "p99 ms", "send→sink p50", "p99 ms", ""],
    ...rounds.map((round) => row("closed loop", round.acceptedPerSecond, round, refusals(round))),
    ...(open?.steps ?? []).map((s) => row("open loop", s.perSecond, s.round, s.why ?? "sustained")),
    ...(open?.half ? [row("open loop, half", open.half.perSecond, open.half.round, "")] : []),
  ]);
}

function refusals({ load, sink }: Round): string {
  const notTaken = load.sent - load.accepted;
  const missing = sink === null ? 0 : load.accepted - sink.arrived;
  return [notTaken > 0 ? `${notTaken} not taken` : "", missing > 0 ? `${missing} never arrived` : ""]
    .filter(Boolean)
    .join(", ");
}

/** The flow over there has to be pointed at the sink first. Without a person, that has been done. */
async function goAhead(): Promise<void> {
  if (!process.stdin.isTTY) return;
  const input = createInterface({ input: process.stdin, output: process.stdout });
  await input.question("Press Enter when it does. ");
  input.close();
}
