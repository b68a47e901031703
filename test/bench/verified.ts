// What it costs that a catch URL knows its sender: the same signed load on a flow that takes everything and on one that
// verifies each request and tells duplicates by the sender's id. Both keep what they keep; the inbox shows both.

import { closedLoop } from "./closed-loop.ts";
import { orderGraph, publish, startProduct } from "./product.ts";
import type { Rig, Target } from "./rig.ts";
import type { Taken } from "./scale.ts";
import { ratio } from "./statistics.ts";

export interface VerifiedFigures {
  open: Taken;
  verified: Taken;
  ratio: number | null;
}

const SECRET = "shpss_0123456789abcdef";
/** What Shopify sends with each webhook, signed over the body. */
const SIGN = { secret: SECRET, header: "x-shopify-hmac-sha256", idHeader: "x-shopify-webhook-id" };

export async function measureVerified(
  rig: Rig,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<VerifiedFigures> {
  const product = await startProduct(orderGraph(rig.sinkUrl));
  try {
    const { client, target } = product;
    const flow = await publish(client, "Verified orders", orderGraph(rig.sinkUrl));
    const settings = {
      verification: { kind: "preset" as const, preset: "shopify" },
      rate: { perSecond: 100_000, burst: 1_000_000 },
    };
    await client("setCatching", { params: { id: flow.id }, body: { settings, secrets: [SECRET] } });
    // Both send the same, so that what signing costs the sender falls on both.
    const signed = (url: string): Target => ({
      urls: [url],
      headers: target.headers,
      pid: product.program.pid(),
      posts: true,
      sign: SIGN,
    });
    const targets = new Map([
      ["open", signed(target.urls[0] ?? "")],
      ["verified", signed(flow.catchUrl)],
    ]);
    const load = { rounds, seconds, connections: 50, warmSeconds: 4, againSeconds: 0 };
    const found = await closedLoop(rig, targets, load);
    const taken = (name: string): Taken => {
      const figures = found.get(name)?.figures;
      return { perSecond: figures?.acceptedPerSecond ?? null, cpuMsEach: figures?.cpuMsEach ?? null };
    };
    const [open, verified] = [taken("open"), taken("verified")];
    return { open, verified, ratio: ratio(verified.perSecond, open.perSecond) };
  } finally {
    await product.close();
  }
}
