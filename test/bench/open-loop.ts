// Open loop: requests are due at fixed times, whether or not the ones before are answered. The rate goes up until it
// cannot be kept, then the highest one that was kept is narrowed down.

import type { Rig, Round, Target } from "./rig.ts";

export interface OpenStep {
  perSecond: number;
  sustained: boolean;
  /** What was missing, when it was not sustained. */
  why: string | null;
  round: Round;
}

export interface OpenFigures {
  sustainedPerSecond: number | null;
  steps: OpenStep[];
  /** At half of the highest sustained rate. */
  half: OpenStep | null;
}

const RATES = [250, 500, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 5000, 6000, 8000, 10_000];
const P99_MS = 1_000;
/**
 * How long after the last request was due everything has to be there. A round is as strict as one of 15 seconds with a
 * second more: with a fixed second, a short one would let pass what is far more than can be kept up.
 */
const afterwardsMs = (seconds: number) => Math.max(150, (seconds * 1_000) / 15);

export async function openLoop(
  rig: Rig,
  target: Target,
  {
    seconds,
    connections,
    expected,
    quick,
    mayGoOn = () => true,
  }: {
    seconds: number;
    connections: number;
    expected: number | null;
    quick: boolean;
    /** No, when the time for more rates is over. */
    mayGoOn?: () => boolean;
  },
): Promise<OpenFigures> {
  const steps: OpenStep[] = [];
  const tryRate = async (perSecond: number): Promise<OpenStep> => {
    const round = await rig.drive(target, { kind: "open", seconds, connections, perSecond });
    const why = shortfall(round, seconds);
    const step = { perSecond, sustained: why === null, why, round };
    steps.push(step);
    return step;
  };
  const rates = quick ? RATES.filter((rate) => rate <= 1_000 || rate % 1_000 === 0) : RATES;
  // A rate far below what the closed loop reached tells nothing new.
  const from = expected === null ? 0 : expected * (quick ? 0.9 : 0.3);
  const lowest = Math.max(
    0,
    rates.findLastIndex((rate) => rate <= from),
  );
  let kept = 0;
  let lost: number | null = null;
  for (const rate of rates.slice(lowest)) {
    if (kept > 0 && !mayGoOn()) break;
    // Once more before it counts: a pause of the machine is not the target's.
    const ok = (await tryRate(rate)).sustained || (!quick && (await tryRate(rate)).sustained);
    if (!ok) {
      lost = rate;
      break;
    }
    kept = rate;
  }
  // It can be that the closed loop reached more than comes in time here.
  for (const rate of [...rates.slice(0, lowest).reverse(), 125, 62, 31]) {
    if (kept > 0 || lost === null) break;
    if ((await tryRate(rate)).sustained) kept = rate;
    else lost = rate;
  }
  while (mayGoOn() && lost !== null && kept > 0 && lost - kept > (quick ? 500 : 250)) {
    const rate = Math.round((kept + lost) / 2 / 50) * 50;
    if ((await tryRate(rate)).sustained) kept = rate;
    else lost = rate;
  }
  if (kept === 0) return { sustainedPerSecond: null, steps, half: null };
  const half = await tryRate(Math.max(1, Math.round(kept / 2)));
  steps.pop();
  return { sustainedPerSecond: kept, steps, half };
}

/** Null when all was taken, arrived in time, and nothing was left to do soon after the last request. */
function shortfall({ load, sink }: Round, seconds: number): string | null {
  if (load.accepted < load.sent) return `${load.sent - load.accepted} of ${load.sent} not taken`;
  const end = load.startedAt + seconds * 1000;
  const until = end + afterwardsMs(seconds);
  if (load.endedAt > until) return `answered ${Math.round(load.endedAt - end)} ms late`;
  if (sink === null) return (load.ackP99Ms ?? 0) < P99_MS ? null : "ack p99 of a second or more";
  if (sink.arrived < load.sent) return `${load.sent - sink.arrived} of ${load.sent} never arrived`;
  if (sink.lastAt > until) return `arrived ${Math.round(sink.lastAt - end)} ms late`;
  return (sink.p99Ms ?? 0) < P99_MS ? null : `send→sink p99 of ${Math.round(sink.p99Ms ?? 0)} ms`;
}
