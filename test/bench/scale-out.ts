// `npm run bench:servers`: the server as several processes on one store and one Redis, beside the same work done bare.
//
// Without MongoDB the store is the compatible server of the tests, on the same machine as everything else. Its speed says
// nothing about MongoDB's, so what counts are ratios, processor time of our own processes, and numbers of calls.

import { writeFileSync } from "node:fs";
import { startMongo } from "../kit/mongo.ts";
import { startRedis } from "../kit/redis.ts";
import { answerCall } from "./command.ts";
import { busyShare, machineName } from "./machine.ts";
import { startRig } from "./rig.ts";
import { readServersArguments, SERVERS_HELP, type ServersOptions } from "./scale-out-arguments.ts";
import { printServers, type ServersFigures, type Step } from "./scale-out-report.ts";
import { type Side, startBare, startOne, startOurs } from "./sides.ts";
import { countCalls } from "./sides-calls.ts";
import { childCalled, driveSide, type SideRound } from "./sides-round.ts";

const CONNECTIONS = 50;
const WARM_SECONDS = 5;

await answerCall(readServersArguments(process.argv.slice(2)), SERVERS_HELP, run);

async function run(options: ServersOptions): Promise<void> {
  const [mongo, redis, rig] = await Promise.all([
    startMongo({ own: true }),
    startRedis({ own: true }),
    startRig(),
  ]);
  try {
    const figures: ServersFigures = {
      machine: machineName(),
      busyBefore: await busyShare(1_000),
      calls:
        options.only === "rounds"
          ? null
          : {
              ours: await countCalls(rig, mongo, redis, startOurs),
              one: await countCalls(rig, mongo, redis, startOne),
              bare: await countCalls(rig, mongo, redis, startBare),
            },
      steps: [],
      one: [],
    };
    if (options.only !== "calls") {
      const places = { redisUrl: redis.url, sinkUrl: rig.sinkUrl };
      const flags = options.profile ? ["--cpu-prof", `--cpu-prof-dir=${options.profile}`] : [];
      const sides = [
        await startBare({ ...places, storeUrl: mongo.another() }),
        await startOurs({ ...places, storeUrl: mongo.another() }, flags),
      ];
      const around = { store: childCalled("java"), redis: childCalled("redis-server") };
      try {
        const drive = (side: Side, seconds: number) =>
          driveSide(rig, side, around, { seconds, connections: CONNECTIONS });
        for (const workers of options.workers)
          figures.steps.push(await measureStep(sides, workers, options, drive));
        const one = await startOne({ ...places, redisUrl: `${redis.url}/1`, storeUrl: mongo.another() });
        sides.push(one);
        figures.one = (await measureStep([one], 0, options, drive)).rounds.one;
      } finally {
        await Promise.all(sides.map((side) => side.close()));
      }
    }
    printServers(figures);
    if (options.json) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
    const all = figures.steps.flatMap(({ rounds }) => Object.values(rounds).flat());
    if ([...all, ...figures.one].some((round) => round.lost > 0)) process.exitCode = 1;
  } finally {
    await Promise.all([rig.close(), mongo.close(), redis.close()]);
  }
}

/** The sides take turns, so that what else the machine does falls on both alike. */
async function measureStep(
  sides: Side[],
  workers: number,
  { warm, rounds: count, seconds }: ServersOptions,
  drive: (side: Side, seconds: number) => Promise<SideRound>,
): Promise<Step> {
  process.stderr.write(`… ${workers} of workers\n`);
  for (const side of sides) while (side.workerPids().length < workers) await side.addWorker();
  const rounds: Step["rounds"] = { ours: [], one: [], bare: [] };
  // Engines compile what they do often: some thousands of times over it is quick.
  for (const side of sides)
    for (let runs = 0; runs < warm * Math.max(1, workers); )
      runs += (await drive(side, WARM_SECONDS)).accepted || 100;
  for (let i = 0; i < count; i++)
    for (const side of sides) {
      const round = await drive(side, seconds);
      rounds[side.name].push(round);
      process.stderr.write(`… ${side.name}: ${JSON.stringify(round)}\n`);
    }
  return { workers, rounds };
}
