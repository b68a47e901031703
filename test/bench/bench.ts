// `npm run bench`: what the server does on this machine, beside what it could do at most. `--help` lists the options.

import { writeFileSync } from "node:fs";
import { HELP, type Options, readArguments } from "./arguments.ts";
import { answerCall } from "./command.ts";
import { measure } from "./measure.ts";
import { measurePeer } from "./peer.ts";
import { printFigures, toJson } from "./report.ts";

await answerCall(readArguments(process.argv.slice(2)), HELP, run);

async function run(options: Options): Promise<void> {
  if (options.peer) return measurePeer(options, options.peer);
  const figures = await measure(options);
  printFigures(figures);
  if (options.json) writeFileSync(options.json, `${JSON.stringify(toJson(figures), null, 2)}\n`);
  if (figures.lost !== null && figures.lost > 0) process.exitCode = 1;
}
