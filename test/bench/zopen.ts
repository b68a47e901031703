import { startLimits } from "./limits.ts";
import { orderGraph, startProduct } from "./product.ts";
import { startRig } from "./rig.ts";

const rig = await startRig();
const product = await startProduct(orderGraph(rig.sinkUrl), { METRICS_TOKEN: "x".repeat(32) });
const met = async () => {
  const t = await (
    await fetch(product.program.url + "/metrics", { headers: { authorization: "Bearer " + "x".repeat(32) } })
  ).text();
  return t
    .split("\n")
    .filter((l) => /commit.*(count|sum)|lag.*(mean|p50|p99)/.test(l) && !l.startsWith("#"))
    .join(" | ");
};
const limits = await startLimits(rig.sinkUrl);
const show = (n: string, r: any) =>
  console.log(
    n,
    "p50",
    r.load.ackP50Ms?.toFixed(1),
    "p99",
    r.load.ackP99Ms?.toFixed(1),
    "cpu",
    r.cpuMsEach?.toFixed(3),
    "sink",
    r.sink?.p50Ms?.toFixed(1),
    r.sink?.p99Ms?.toFixed(1),
  );
await rig.drive(product.target, { kind: "closed", seconds: 6, connections: 50 });
await rig.drive(limits.targets.b, { kind: "closed", seconds: 3, connections: 50 });
for (let i = 0; i < 3; i++) {
  show(
    "b   ",
    await rig.drive(limits.targets.b, { kind: "open", perSecond: 1125, seconds: 4, connections: 50 }),
  );
  console.log(await met());
  show(
    "ours",
    await rig.drive(product.target, { kind: "open", perSecond: 1125, seconds: 4, connections: 50 }),
  );
  console.log(await met());
}
const r = await rig.drive(product.target, { kind: "closed", seconds: 5, connections: 50 });
show("closed " + Math.round(r.finishedPerSecond ?? 0), r);
await product.close();
await limits.close();
await rig.close();
process.exit(0);
