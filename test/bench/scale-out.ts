// `npm run bench:servers`: the server as several processes on one store and one Redis, beside the same work done bare.
//
// Without MongoDB the store is the compatible server of the tests, on the same machine as everything else. Its speed says
// nothing about MongoDB's, so what counts are ratios, processor time of our own processes, and numbers of calls.

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startMongo } from "../kit/mongo.ts";
import { startRedis } from "../kit/redis.ts";
import { busyShare, machineName } from "./machine.ts";
import { startRig } from "./rig.ts";
import { printServers, type ServersFigures, type Step } from "./scale-out-report.ts";
import { type Side, startBare, startOne, startOurs } from "./sides.ts";
import { countCalls } from "./sides-calls.ts";
import { childCalled, driveSide, type SideRound } from "./sides-round.ts";

const HELP = `Measures the server as several processes, beside the same work done bare with BullMQ and the driver.

  npm run bench:servers -- [options]

  --seconds N        how long a round lasts (4)
  --rounds N         rounds of each side, in turn; what is printed is their median (3)
  --workers LIST     numbers of worker processes, growing (1,2,4)
  --only PART        one part: calls, which counts calls and bytes for each run, or rounds
  --warm N           runs of each side that are not counted, whenever workers were added (2000)
  --profile FOLDER   the server's processes leave a profile of their processor time there when they end
  --json FILE        also write the figures to FILE
`;
const CONNECTIONS = 50;
const WARM_SECONDS = 5;

// So that what is tidied up on "exit" is tidied up then, too.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "4" },
    rounds: { type: "string", default: "3" },
    workers: { type: "string", default: "1,2,4" },
    only: { type: "string" },
    warm: { type: "string", default: "2000" },
    profile: { type: "string" },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) process.stdout.write(HELP);
else await run();

async function run(): Promise<void> {
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
        values.only === "rounds"
          ? null
          : {
              ours: await countCalls(rig, mongo, redis, startOurs),
              one: await countCalls(rig, mongo, redis, startOne),
              bare: await countCalls(rig, mongo, redis, startBare),
            },
      steps: [],
      one: [],
    };
    if (values.only !== "calls") {
      const places = { redisUrl: redis.url, sinkUrl: rig.sinkUrl };
      const flags = values.profile ? ["--cpu-prof", `--cpu-prof-dir=${values.profile}`] : [];
      const sides = [
        await startBare({ ...places, storeUrl: mongo.another() }),
        await startOurs({ ...places, storeUrl: mongo.another() }, flags),
      ];
      const around = { store: childCalled("java"), redis: childCalled("redis-server") };
      try {
        const drive = (side: Side, seconds: number) =>
          driveSide(rig, side, around, { seconds, connections: CONNECTIONS });
        for (const workers of values.workers.split(",").map(Number))
          figures.steps.push(await measureStep(sides, workers, drive));
        const one = await startOne({ ...places, redisUrl: `${redis.url}/1`, storeUrl: mongo.another() });
        sides.push(one);
        figures.one = (await measureStep([one], 0, drive)).rounds.one;
      } finally {
        await Promise.all(sides.map((side) => side.close()));
      }
    }
    printServers(figures);
    if (values.json) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
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
  drive: (side: Side, seconds: number) => Promise<SideRound>,
): Promise<Step> {
  process.stderr.write(`… ${workers} of workers\n`);
  for (const side of sides) while (side.workerPids().length < workers) await side.addWorker();
  const rounds: Step["rounds"] = { ours: [], one: [], bare: [] };
  // Engines compile what they do often: some thousands of times over it is quick.
  for (const side of sides)
    for (let runs = 0; runs < Number(values.warm); )
      runs += (await drive(side, WARM_SECONDS)).accepted || 100;
  for (let i = 0; i < Number(values.rounds); i++)
    for (const side of sides) {
      const round = await drive(side, Number(values.seconds));
      rounds[side.name].push(round);
      process.stderr.write(`… ${side.name}: ${JSON.stringify(round)}\n`);
    }
  return { workers, rounds };
}
