// How the cost grows: with steps, with published flows, and when more comes than can be done.

import { CatchAnswer } from "../../shared/api.ts";
import { type Client, signIn } from "../kit/api.ts";
import { graph, type StepChange } from "../kit/graph.ts";
import { OWNER } from "../kit/process.ts";
import { startPosters } from "./limits.ts";
import { ORDER_HEADERS } from "./order.ts";
import { countRuns, mapStep, orderGraph, type Product, publish, sendStep, startProduct } from "./product.ts";
import { pause, type Rig, type Target } from "./rig.ts";
import { median, ratio } from "./statistics.ts";

export interface ScaleFigures {
  steps: {
    name: string;
    cpuMsPerRun: number | null;
    timesOne: number | null;
    finishedPerSecond: number | null;
  }[];
  /** Limit c with ten posts, by limit c with one: what the posts alone cost. Processor time, in milliseconds. */
  barePosts: { one: number | null; ten: number | null; timesOne: number | null };
  long: { steps: number; msPerStep: number | null };
  flows: { one: Taken; thousand: Taken; ratio: number | null };
  pressure: PressureFigures[];
}

/** In closed loop; processor time for each that was taken. */
export interface Taken {
  perSecond: number | null;
  cpuMsEach: number | null;
}
export const NOTHING: Taken = { perSecond: null, cpuMsEach: null };

export interface PressureFigures {
  cap: string;
  accepted: number;
  busy: number;
  acceptedPerSecond: number;
  finishedPerSecond: number | null;
  /** Runs that were accepted and had not succeeded, at most. */
  mostBehind: number;
  drainMs: number | null;
  lost: number | null;
}

const ROUNDS = 5;
const SECONDS = 3;
/** Code that is not compiled yet costs several times as much. */
const WARM_SECONDS = 10;
const CONNECTIONS = 50;

export async function measureScale(rig: Rig): Promise<ScaleFigures> {
  return {
    steps: await stepCosts(rig),
    barePosts: await barePosts(rig),
    long: await longFlow(),
    flows: await manyFlows(rig),
    pressure: [await pressure(rig, null), await pressure(rig, "500")],
  };
}

function chain(length: number, stepFor: (number: number) => StepChange) {
  const ids = Array.from({ length }, (_, i) => `s${i + 1}`);
  const steps = Object.fromEntries(ids.map((id, i) => [id, stepFor(i + 1)]));
  return graph(["trigger", ...ids].join(" -> "), steps);
}

const sendBody = (sinkUrl: string): StepChange => ({
  uses: "http.request",
  input: { method: "POST", url: sinkUrl, bodyType: "json", json: { mark: "{{trigger.body.cart_token}}" } },
});

/** One step beside ten, of both kinds. They take turns on one server. */
async function stepCosts(rig: Rig): Promise<ScaleFigures["steps"]> {
  const send = () => sendBody(rig.sinkUrl);
  const graphs = new Map([
    ["one step that posts", chain(1, send)],
    ["nine that map, one that posts", chain(10, (n) => (n === 10 ? sendStep(rig.sinkUrl, "s9") : mapStep()))],
    ["ten that post", chain(10, send)],
  ]);
  const product = await startProduct(orderGraph(rig.sinkUrl));
  try {
    const targets: [string, Target][] = [];
    for (const [name, made] of graphs) {
      const { catchUrl } = await publish(product.client, name, made);
      targets.push([name, { ...product.target, pid: product.program.pid(), urls: [catchUrl] }]);
    }
    const cpu = new Map<string, (number | null)[]>(targets.map(([name]) => [name, []]));
    const finished = new Map<string, (number | null)[]>(targets.map(([name]) => [name, []]));
    for (let i = 0; i <= ROUNDS; i++) {
      for (const [name, target] of targets) {
        const load = {
          kind: "closed" as const,
          seconds: i === 0 ? WARM_SECONDS : SECONDS,
          connections: CONNECTIONS,
        };
        const round = await rig.drive(target, load);
        if (i === 0) continue; // warming up
        cpu.get(name)?.push(round.cpuMsEach);
        finished.get(name)?.push(round.succeededPerSecond);
      }
    }
    const one = median(cpu.get("one step that posts") ?? []);
    return targets.map(([name]) => {
      const cpuMsPerRun = median(cpu.get(name) ?? []);
      return {
        name,
        cpuMsPerRun,
        timesOne: ratio(cpuMsPerRun, one),
        finishedPerSecond: median(finished.get(name) ?? []),
      };
    });
  } finally {
    await product.close();
  }
}

async function barePosts(rig: Rig): Promise<ScaleFigures["barePosts"]> {
  const { targets, close } = await startPosters(rig.sinkUrl, 10);
  try {
    const rounds = await inTurn(rig, [targets.one, targets.most]);
    const [one = null, ten = null] = rounds.map(({ cpuMsEach }) => cpuMsEach);
    return { one, ten, timesOne: ratio(ten, one) };
  } finally {
    await close();
  }
}

/** 300 steps one after another, one run at a time: from its beginning to its end. */
async function longFlow(): Promise<ScaleFigures["long"]> {
  const steps = 300;
  const product = await startProduct(
    chain(steps, (n) => ({
      uses: "logic.setFields",
      input: { fields: [{ name: "n", value: n === 1 ? "{{trigger.body.n}}" : `{{s${n - 1}.n}}` }] },
    })),
  );
  try {
    const times: (number | null)[] = [];
    for (let n = 0; n < 6; n++) {
      const answer = await fetch(product.target.urls[0] ?? "", {
        method: "POST",
        headers: ORDER_HEADERS,
        body: JSON.stringify({ n }),
      });
      const { runId } = CatchAnswer.parse(await answer.json());
      const took = await timeOf(product.client, runId ?? "");
      if (n > 0) times.push(took / steps);
    }
    return { steps, msPerStep: median(times) };
  } finally {
    await product.close();
  }
}

async function timeOf(client: Client, id: string): Promise<number> {
  for (let i = 0; i < 600; i++) {
    const run = await client("run", { params: { id } });
    if (run.status === "succeeded" && run.finishedAt !== null && run.startedAt !== null) {
      return run.finishedAt - run.startedAt;
    }
    await pause(100);
  }
  throw new Error(`The run ${id} of 300 steps did not succeed within a minute.`);
}

/** One server with one flow and one with a thousand take turns; the load goes to all of a server's flows. */
async function manyFlows(rig: Rig): Promise<ScaleFigures["flows"]> {
  const made = orderGraph(rig.sinkUrl);
  const [one, many] = [await startProduct(made), await startProduct(made)];
  try {
    for (let n = 2; n <= 1_000; n++) {
      const { catchUrl } = await publish(many.client, `Orders ${n}`, made);
      many.target.urls.push(catchUrl);
    }
    const [first = NOTHING, thousand = NOTHING] = await inTurn(rig, [one.target, many.target]);
    return { one: first, thousand, ratio: ratio(thousand.perSecond, first.perSecond) };
  } finally {
    await one.close();
    await many.close();
  }
}

/** Each takes the same load in turn; the medians of what it took. */
export async function inTurn(rig: Rig, targets: Target[]): Promise<Taken[]> {
  const rates: number[][] = targets.map(() => []);
  const cpu: (number | null)[][] = targets.map(() => []);
  for (let i = 0; i <= ROUNDS; i++) {
    for (const [which, target] of targets.entries()) {
      const seconds = i === 0 ? WARM_SECONDS : SECONDS;
      const round = await rig.drive(target, { kind: "closed", seconds, connections: CONNECTIONS });
      if (i === 0) continue; // warming up
      rates[which]?.push(round.acceptedPerSecond);
      cpu[which]?.push(round.cpuMsEach);
    }
  }
  return rates.map((list, which) => ({ perSecond: median(list), cpuMsEach: median(cpu[which] ?? []) }));
}

/** 200 connections that never stop, to see how far accepting runs ahead of doing. */
async function pressure(rig: Rig, cap: string | null): Promise<PressureFigures> {
  const product = await startProduct(orderGraph(rig.sinkUrl), cap === null ? {} : { QUEUE_CAP: cap });
  try {
    let mostBehind = 0;
    const look = () => {
      const counts = countRuns(product.program.folder);
      const all = counts.values().reduce((sum, count) => sum + count, 0);
      mostBehind = Math.max(mostBehind, all - (counts.get("succeeded") ?? 0));
    };
    const load = { kind: "closed" as const, seconds: cap === null ? 20 : 5, connections: 200 };
    const round = await rig.drive(product.target, load, look);
    return {
      cap: cap ?? "as it comes",
      accepted: round.load.accepted,
      busy: round.load.answers["503"] ?? 0,
      acceptedPerSecond: round.acceptedPerSecond,
      finishedPerSecond: round.finishedPerSecond,
      mostBehind,
      drainMs: round.drainMs,
      lost: round.load.accepted - (product.target.succeeded?.() ?? 0),
    };
  } finally {
    await product.close();
  }
}

/** A client signed in anew: after a restart. */
export function signInAgain({ program }: Product): Promise<Client> {
  return signIn(program.url, OWNER.email, OWNER.password);
}
