// From the start of the process until it has accepted a webhook, on a folder that has everything already.

import { request } from "undici";
import { nowMs, ORDER_HEADERS, orderText } from "./order.ts";
import type { Product } from "./product.ts";
import { pause } from "./rig.ts";
import { median } from "./statistics.ts";

export interface ColdFigures {
  medianMs: number | null;
  timesMs: number[];
}

/** Ends the server and starts it again, `times` over or as often as it may. Each of these webhooks becomes a run. */
export async function coldStart(
  { program, target }: Product,
  times: number,
  mayGoOn = () => true,
): Promise<ColdFigures> {
  const timesMs: number[] = [];
  for (let number = 0; number < times && (number === 0 || mayGoOn()); number++) {
    await program.terminate();
    const began = nowMs();
    const ready = program.restart();
    while (!(await accepts(target.urls[0] ?? "", number))) await pause(5);
    timesMs.push(nowMs() - began);
    await ready;
  }
  return { medianMs: median(timesMs), timesMs };
}

const GIVE_UP_MS = 30_000;

async function accepts(url: string, number: number): Promise<boolean> {
  try {
    const body = orderText({ round: 9_999, number, dueAt: nowMs() });
    const answer = await request(url, {
      method: "POST",
      headers: ORDER_HEADERS,
      body,
      headersTimeout: GIVE_UP_MS,
    });
    await answer.body.dump();
    return answer.statusCode === 202;
  } catch {
    return false; // nobody listens yet
  }
}
