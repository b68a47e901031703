// `npm run dev`: the server, restarted on every change, and Vite beside it, which hands /api and /catch through.

import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

const children = [
  run(["--watch", "--watch-preserve-output", "server/main.ts"], {
    LOG_LEVEL: process.env.LOG_LEVEL ?? "debug",
  }),
  run(["node_modules/vite/bin/vite.js", "--config", "client/vite.config.ts"], {}),
];

let ending = false;
for (const child of children) child.on("exit", (code) => end(code ?? 0));
// The terminal sends Ctrl-C to the children as well; a `kill` reaches only this process.
process.on("SIGINT", () => end(0));
process.on("SIGTERM", () => end(0));

function run(args: string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
}

/** When one of them ends, so do all. */
function end(code: number): void {
  if (ending) return;
  ending = true;
  process.exitCode = code;
  for (const child of children) child.kill("SIGTERM");
}
