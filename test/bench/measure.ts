// All parts of the benchmark on the real server, one after another.

import type { Options, Part } from "./arguments.ts";
import { type ClosedFigures, closedLoop, type Rounds } from "./closed-loop.ts";
import { type ColdFigures, coldStart } from "./cold-start.ts";
import { type HistoryFigures, measureHistory } from "./history.ts";
import { type LimitName, type Limits, startLimits } from "./limits.ts";
import { busyShare, hasNoDisk, machineName } from "./machine.ts";
import { type OpenFigures, type OpenStep, openLoop } from "./open-loop.ts";
import { orderText } from "./order.ts";
import { memoryMb } from "./process-figures.ts";
import { countRuns, orderGraph, startProduct } from "./product.ts";
import { pause, type Rig, type Round, startRig, type Target } from "./rig.ts";
import { measureScale, type ScaleFigures } from "./scale.ts";
import { type InsideFigures, measureInside } from "./scale-inside.ts";
import { measureVerified, type VerifiedFigures } from "./verified.ts";

export interface Figures {
  quick: boolean;
  machine: string;
  /** How much of the machine was in use before anything began, from 0 to 1. */
  busyBefore: number;
  noDisk: boolean;
  payloadBytes: number;
  closed: ClosedFigures | null;
  limits: Record<LimitName, ClosedFigures> | null;
  open: OpenFigures | null;
  /** Limit b beside ours: at the same rate, and as busy as ours is, at half of what it takes itself. */
  besideHalf: { same: Round | null; own: Round | null; ownPerSecond: number } | null;
  cold: ColdFigures | null;
  memory: { idleMb: number | null; peakMb: number | null; afterMb: number | null } | null;
  /** On disk for each run, its payload left out. */
  bytesPerRun: number | null;
  accepted: number | null;
  succeeded: number | null;
  lost: number | null;
  /** Requests at the sink that had been there before. */
  repeated: number;
  rounds: Record<string, Rounds["rounds"]>;
  scale: (ScaleFigures & InsideFigures) | null;
  verified: VerifiedFigures | null;
  history: HistoryFigures | null;
}

const CONNECTIONS = 50;
const OURS = "ours";
/** How long `--quick` may take in all: on a slow or busy machine it leaves out repetitions. */
const QUICK_MS = 50_000;
/** While others had their turn, a server's connections were closed. */
const AGAIN_SECONDS = 3;

export async function measure(options: Options): Promise<Figures> {
  const { quick } = options;
  const has = (part: Part) =>
    options.only === null ? !(quick && LONG.includes(part)) : options.only.includes(part);
  const figures: Figures = {
    quick,
    machine: machineName(),
    busyBefore: await busyShare(500),
    noDisk: hasNoDisk(),
    payloadBytes: orderText({ round: 1, number: 1, dueAt: 1 }).length,
    closed: null,
    limits: null,
    open: null,
    besideHalf: null,
    cold: null,
    memory: null,
    bytesPerRun: null,
    accepted: null,
    succeeded: null,
    lost: null,
    repeated: 0,
    rounds: {},
    scale: null,
    verified: null,
    history: null,
  };
  const rig = await startRig(options.sinkPort);
  try {
    if (has("closed") || has("open") || has("limits") || has("cold")) {
      await measureLoads(rig, options, has, figures);
    }
    if (has("scale")) {
      say("scale");
      figures.scale = { ...(await measureScale(rig)), ...(await measureInside()) };
    }
    if (has("verified")) {
      say("verified");
      const { rounds = 5, seconds = 4 } = options;
      figures.verified = await measureVerified(rig, { rounds, seconds });
    }
    if (has("history")) {
      say("history");
      figures.history = await measureHistory(rig, options.history ?? 1_000_000, say);
    }
  } finally {
    await rig.close();
  }
  return figures;
}

const LONG: Part[] = ["scale", "verified", "history"];

async function measureLoads(
  rig: Rig,
  options: Options,
  has: (part: Part) => boolean,
  figures: Figures,
): Promise<void> {
  // The bars of the closed loop are set by the limits, so it takes them along.
  const limits = has("closed") || has("limits") ? await startLimits(rig.sinkUrl) : null;
  try {
    if (has("closed") || has("open") || has("cold")) await measureOurs(rig, options, has, limits, figures);
    else await loops(rig, options, limits, null, figures);
  } finally {
    await limits?.close();
  }
}

async function measureOurs(
  rig: Rig,
  options: Options,
  has: (part: Part) => boolean,
  limits: Limits | null,
  figures: Figures,
): Promise<void> {
  const { quick } = options;
  const product = await startProduct(orderGraph(rig.sinkUrl));
  try {
    await product.program.terminate();
    const emptyBytes = product.bytesOnDisk();
    await product.program.restart();
    await pause(quick ? 3_000 : 6_000);
    const idleMb = memoryMb(product.program.pid()).now;
    let accepted = 0;
    const counted: Rig = {
      ...rig,
      async drive(target, load) {
        const round = await rig.drive(target, load);
        if (target === product.target) {
          accepted += round.load.accepted;
          figures.repeated += (round.sink?.requests ?? 0) - (round.sink?.arrived ?? 0);
        }
        return round;
      },
    };
    if (has("closed")) await loops(counted, options, limits, product.target, figures);
    if (has("open")) {
      say("open loop");
      figures.open = await openLoop(counted, product.target, {
        seconds: options.seconds ?? (quick ? 2 : 5),
        connections: CONNECTIONS,
        expected: figures.closed?.finishedPerSecond ?? null,
        quick,
        mayGoOn: () => !quick || performance.now() < QUICK_MS * 0.7,
      });
      const { half } = figures.open;
      if (half)
        await measureHalf({ ...rig, drive: counted.drive }, options, half, product.target, limits, figures);
    }
    if (accepted > 0) {
      const peakMb = memoryMb(product.program.pid()).peak;
      say("quiet");
      // Memory is given back after a minute of quiet, which the quick way has no time for.
      if (!quick) await pause(75_000);
      figures.memory = { idleMb, peakMb, afterMb: quick ? null : memoryMb(product.program.pid()).now };
      figures.accepted = accepted;
      figures.succeeded = countRuns(product.program.folder).get("succeeded") ?? 0;
      figures.lost = accepted - figures.succeeded;
      await product.program.terminate();
      figures.bytesPerRun = (product.bytesOnDisk() - emptyBytes) / accepted - figures.payloadBytes;
    }
    if (has("cold")) {
      say("cold start");
      figures.cold = quick
        ? await coldStart(product, 3, () => performance.now() < QUICK_MS * 0.9)
        : await coldStart(product, 5);
    }
  } finally {
    await product.close();
  }
}

/** Ours and limit b take turns; how each comes back after its pause is not counted. */
async function measureHalf(
  rig: Rig,
  { quick, seconds = quick ? 2 : 5 }: Options,
  half: OpenStep,
  ours: Target,
  limits: Limits | null,
  figures: Figures,
): Promise<void> {
  const ofOurs = [half.round];
  const [same, own]: [Round[], Round[]] = [[], []];
  const ownPerSecond = Math.round((figures.limits?.b.acceptedPerSecond ?? 0) / 2);
  const inTurn = async (target: Target, perSecond: number, rounds: Round[]) => {
    const order = { kind: "open" as const, seconds, connections: CONNECTIONS, perSecond };
    if (!quick) await rig.drive(target, { ...order, seconds: AGAIN_SECONDS });
    rounds.push(await rig.drive(target, order));
  };
  for (let i = 0; i < (quick ? 1 : 3); i++) {
    if (limits && !quick) await inTurn(limits.targets.b, half.perSecond, same);
    if (!quick) await inTurn(ours, half.perSecond, ofOurs);
    if (limits && ownPerSecond > 0) await inTurn(limits.targets.b, ownPerSecond, own);
  }
  half.round = middleRound(ofOurs) ?? half.round;
  if (limits) figures.besideHalf = { same: middleRound(same), own: quietestRound(own), ownPerSecond };
}

/** The one with the quickest answers: a limit is what can be done, and a disturbed round would make it easy to keep. */
function quietestRound(rounds: Round[]): Round | null {
  return rounds.toSorted((x, y) => (x.load.ackP50Ms ?? 0) - (y.load.ackP50Ms ?? 0))[0] ?? null;
}

/** The one whose slowest answers are the middle of all; null of none. */
function middleRound(rounds: Round[]): Round | null {
  const sorted = rounds.toSorted((x, y) => (x.load.ackP99Ms ?? 0) - (y.load.ackP99Ms ?? 0));
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

async function loops(
  rig: Rig,
  options: Options,
  limits: Limits | null,
  ours: Target | null,
  figures: Figures,
): Promise<void> {
  say("closed loop, all in turn");
  const { quick } = options;
  const targets = new Map<string, Target>(Object.entries(limits?.targets ?? {}));
  if (ours) targets.set(OURS, ours);
  const found = await closedLoop(rig, targets, {
    rounds: options.rounds ?? (quick ? 2 : 3),
    seconds: options.seconds ?? (quick ? 1.2 : 5),
    connections: CONNECTIONS,
    // What is done often is compiled again and again, each time quicker: that takes some ten thousand events.
    warmSeconds: quick ? 8 : 20,
    warmEvents: quick ? 15_000 : Number.POSITIVE_INFINITY,
    againSeconds: quick ? 0 : AGAIN_SECONDS,
  });
  figures.closed = found.get(OURS)?.figures ?? null;
  const [a, b, c] = [found.get("a"), found.get("b"), found.get("c")];
  if (a && b && c) figures.limits = { a: a.figures, b: b.figures, c: c.figures };
  for (const [name, { rounds }] of found) figures.rounds[name] = rounds;
}

/** Progress goes beside the figures, not among them. */
function say(what: string): void {
  process.stderr.write(`… ${what}\n`);
}
