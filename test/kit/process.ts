// The real program as a process of its own, on a real folder: started, killed, started again.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./port.ts";

export interface Program {
  url: string;
  folder: string;
  pid(): number;
  /** Everything that it printed, all lives together. */
  output(): string;
  /** How long its last start took until it was ready. */
  startMs(): number;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  terminate(): Promise<number | null>;
  /** Again, on the same folder and port. */
  restart(): Promise<void>;
  /** Ends it and removes its folder. */
  close(): Promise<void>;
}

/** A machine that is busy with other tests takes many times the usual second. */
const READY_MS = 45_000;

export const OWNER = { email: "owner@example.com", password: "correct-horse-battery" };

/**
 * Starts the program with these settings over the usual ones, and waits until it is ready. The flags are for Node.
 */
export async function startProgram(
  settings: Record<string, string> = {},
  flags: string[] = [],
): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), "flowcatch-e2e-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env.PATH ?? "",
    PORT: String(port),
    DATA_DIR: folder,
    PUBLIC_URL: url,
    OWNER_EMAIL: OWNER.email,
    OWNER_PASSWORD: OWNER.password,
    ALLOW_NETWORKS: "127.0.0.0/8",
    LOG_LEVEL: "warn",
    ...settings,
  };
  let output = "";
  let child: ChildProcess;
  let startMs = 0;

  async function start(): Promise<void> {
    const from = performance.now();
    child = spawn(process.execPath, [...flags, "server/boot.js"], {
      cwd: join(import.meta.dirname, "../.."),
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk) => {
        output += chunk;
      });
    while (performance.now() - from < READY_MS) {
      if (child.exitCode !== null) throw new Error(`it ended at once:\n${output}`);
      if (
        await fetch(`${url}/readyz`).then(
          (r) => r.ok,
          () => false,
        )
      ) {
        startMs = Math.round(performance.now() - from);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`it was never ready:\n${output}`);
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
    return child.exitCode;
  }

  try {
    await start();
  } catch (error) {
    await end("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    url,
    folder,
    pid: () => child.pid ?? 0,
    output: () => output,
    startMs: () => startMs,
    kill: async () => void (await end("SIGKILL")),
    terminate: () => end("SIGTERM"),
    restart: start,
    async close() {
      await end("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
