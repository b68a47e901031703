// What the faults of several processes begin with: a MongoDB, a Redis, web and worker processes, a target and ledgers.

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Graph } from "../../shared/graph.ts";
import { type Client, signIn } from "../kit/api.ts";
import { FLOOD_SETTINGS, letFloodIn } from "../kit/flood.ts";
import { type MongoProxy, startProxy } from "../kit/mongo/proxy.ts";
import { type Mongo, startMongo } from "../kit/mongo.ts";
import { OWNER, type Program, startProgram } from "../kit/process.ts";
import { startRedis, type TestRedis } from "../kit/redis.ts";
import { type Starvation, watchStarvation } from "./answer-marks.ts";
import { type Called, type Ledger, openLedger, type Sent } from "./ledger.ts";
import { type Load, type LoadOptions, startLoad, startTarget, type Target } from "./load.ts";
import { type MongoReader, openMongoReader } from "./mongo-reader.ts";

export interface SeveralStage {
  mongo: Mongo;
  /** Between the programs and the MongoDB, if it was asked for. */
  proxy: MongoProxy | null;
  redis: TestRedis;
  webs: Program[];
  workers: Program[];
  target: Target;
  sent: Ledger<Sent>;
  called: Ledger<Called>;
  /** Of the first web process. */
  client: Client;
  reader: MongoReader;
  /** One more process of this role. */
  add(role: "web" | "worker"): Promise<Program>;
  /** Publishes one more flow. */
  publish(graph: Graph): Promise<SharedFlow>;
  /** Sends to the flow's catch URL at every web process, to each its part of the rate, senders or total. */
  send(flow: SharedFlow, options: Omit<LoadOptions, "url" | "ledger">): SharedLoad;
  /** How long the web processes and this one waited for a processor. */
  starvation: Starvation;
  /** What a process counts under this name; 0 when it has counted nothing. */
  metric(program: Program, name: string): Promise<number>;
  /** Everything that any of them printed. */
  output(): string;
  /** Ends everything and removes what it left on disk. */
  close(): Promise<void>;
}

export interface SharedFlow {
  id: string;
  /** Without the origin: it is the same at every web process. */
  path: string;
}

export interface SharedLoad {
  begun(): number;
  answers(): Record<number, number>;
  /** Milliseconds from sending to each 2xx. */
  waits(): number[];
  stop(): Promise<void>;
  done: Promise<void>;
}

export interface SeveralOptions {
  webs?: number;
  workers?: number;
  settings?: Record<string, string>;
  /** The MongoDB is one to be killed, frozen and cut off from; else that of MONGO_URL is used if there is one. */
  ownMongo?: boolean;
}

const METRICS_TOKEN = "figures-for-the-fault-harness";

/** Starts servers of its own and the programs on them. */
export async function setSeveralStage(options: SeveralOptions = {}): Promise<SeveralStage> {
  const endings: (() => unknown)[] = [];
  const end = async () => {
    for (let ending = endings.pop(); ending; ending = endings.pop()) await ending();
  };
  try {
    return await build(options, endings, end);
  } catch (error) {
    await end();
    throw error;
  }
}

async function build(
  { webs: webCount = 2, workers: workerCount = 2, settings = {}, ownMongo = false }: SeveralOptions,
  endings: (() => unknown)[],
  close: () => Promise<void>,
): Promise<SeveralStage> {
  const folder = mkdtempSync(join(tmpdir(), "flowcatch-fault-"));
  endings.push(() => rmSync(folder, { recursive: true, force: true }));
  const sent = openLedger<Sent>(join(folder, "sent.jsonl"));
  const called = openLedger<Called>(join(folder, "called.jsonl"));
  endings.push(() => Promise.all([sent.close(), called.close()]));
  const target = await startTarget(called);
  endings.push(() => target.close());
  const mongo = await startMongo({ own: ownMongo });
  endings.push(() => mongo.close());
  const redis = await startRedis({ own: true });
  endings.push(() => redis.close());
  const proxy = ownMongo ? await startProxy(mongo.url) : null;
  endings.push(() => proxy?.close());
  const reader = await openMongoReader(mongo.url);
  endings.push(() => reader.close());

  const shared = {
    MONGO_URL: proxy?.url ?? mongo.url,
    REDIS_URL: redis.url,
    ENCRYPTION_KEY: randomBytes(32).toString("base64"),
    METRICS_TOKEN,
    ...FLOOD_SETTINGS,
    ...settings,
  };
  const webs: Program[] = [];
  const workers: Program[] = [];
  endings.push(() => Promise.all([...webs, ...workers].map((program) => program.close())));
  async function add(role: "web" | "worker"): Promise<Program> {
    const program = await startProgram({ ...shared, ROLE: role });
    (role === "web" ? webs : workers).push(program);
    return program;
  }
  // the first one alone: it makes the indexes and the owner
  const first = await add("web");
  await Promise.all([
    ...Array.from({ length: webCount - 1 }, () => add("web")),
    ...Array.from({ length: workerCount }, () => add("worker")),
  ]);
  const client = await signIn(first.url, OWNER.email, OWNER.password);
  const starvation = watchStarvation(webs.map((web) => web.pid()));
  endings.push(() => starvation.stop());
  return {
    mongo,
    proxy,
    redis,
    webs,
    workers,
    target,
    sent,
    called,
    client,
    reader,
    starvation,
    add,
    async publish(graph) {
      const { id } = await client("createFlow", { body: { name: "Shared", graph } });
      await letFloodIn(client, id);
      const { catchUrl } = await client("publishFlow", { params: { id }, body: {} });
      return { id, path: new URL(catchUrl).pathname };
    },
    send: ({ path }, load) =>
      joined(
        webs.map(({ url }, i) =>
          startLoad({
            ...load,
            ...partOf(load, i, webs.length),
            url: url + path,
            ledger: sent,
            connections: 512,
          }),
        ),
      ),
    async metric(program, name) {
      const answer = await fetch(`${program.url}/metrics`, {
        headers: { authorization: `Bearer ${METRICS_TOKEN}` },
      });
      if (!answer.ok) throw new Error(`${program.url} answered ${answer.status} for its metrics.`);
      const line = (await answer.text()).split("\n").find((text) => text.startsWith(`${name} `));
      return Number(line?.slice(name.length) ?? 0);
    },
    output: () => [...webs, ...workers].map((program) => program.output()).join("\n"),
    close,
  };
}

function partOf({ rate, senders, total }: Omit<LoadOptions, "url" | "ledger">, i: number, parts: number) {
  const part = (whole: number) => Math.floor(whole / parts) + (i < whole % parts ? 1 : 0);
  return {
    ...(rate === undefined ? {} : { rate: rate / parts }),
    ...(senders === undefined ? {} : { senders: part(senders) }),
    ...(total === undefined ? {} : { total: part(total) }),
  };
}

function joined(loads: Load[]): SharedLoad {
  const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);
  return {
    begun: () => sum(loads.map((load) => load.begun())),
    answers() {
      const all: Record<number, number> = {};
      for (const load of loads)
        for (const [code, count] of Object.entries(load.answers()))
          all[Number(code)] = (all[Number(code)] ?? 0) + count;
      return all;
    },
    waits: () => loads.flatMap((load) => load.waits()),
    stop: async () => void (await Promise.all(loads.map((load) => load.stop()))),
    done: Promise.all(loads.map(({ done }) => done)).then(() => {}),
  };
}
