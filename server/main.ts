// Starts the server, says where to go, and ends it when it is told to. `boot.js` comes first.

import { flushCompileCache } from "node:module";
import { ConfigError } from "./config.ts";
import { StartRefused } from "./data-folder.ts";
import { type Started, startServer } from "./start.ts";

let started: Started | undefined;
let told = false;

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, end);

// What nobody expected leaves a state that nobody knows. Everything accepted is on disk, and the next start goes on
// from there: ending is the safe thing to do.
process.on("uncaughtException", crash);
process.on("unhandledRejection", crash);

try {
  started = await startServer(process.env);
  process.stdout.write(welcome(started));
  // for the next start, now rather than at an end that may never come
  flushCompileCache();
  // told to end while it was starting
  if (told) await stop();
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof StartRefused)) throw error;
  process.stderr.write(`\nFlowcatch did not start.\n\n${error.message}\n\n`);
  process.exit(1);
}

function welcome({ url, config, needsOwner }: Started): string {
  return [
    "",
    "  Flowcatch is running.",
    "",
    `  Open    ${url}${needsOwner ? "  and create the owner: nobody has an account yet" : ""}`,
    `  Data    ${config.dataDir}`,
    "  Stop    Ctrl-C",
    "",
    "",
  ].join("\n");
}

function end(): void {
  // the second time it is meant
  if (told) process.exit(1);
  told = true;
  if (started) void stop();
}

async function stop(): Promise<void> {
  await started?.stop();
  process.exit(0);
}

function crash(error: unknown): void {
  const text = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`Flowcatch ends because of a defect.\n${text}\n`);
  if (started) started.deps.log.error({ err: error }, "ending because of a defect");
  process.exit(1);
}
