// A MongoDB for tests: the one that MONGO_URL names, or the compatible server of test/kit/mongo on a folder of its own.

import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mongoose from "mongoose";
import { freePort } from "./port.ts";

export interface Mongo {
  /** With a database of its own. */
  url: string;
  /** The same server, and another empty database. */
  another(): string;
  /** SIGKILL; resolves when it is gone. Only a server that was started here can be killed. */
  kill9(): Promise<void>;
  /** SIGSTOP and SIGCONT: connections stay, and nobody answers. */
  freeze(): void;
  thaw(): void;
  /** Again, on the same data and port. */
  restart(): Promise<void>;
  /** Drops the databases that were given out; ends the server if it was started here. */
  close(): Promise<void>;
}

/** `own: true` starts a server in any case: it is to be killed. */
export async function startMongo({ own = false }: { own?: boolean } = {}): Promise<Mongo> {
  const given = process.env.MONGO_URL;
  return given && !own ? givenMongo(given) : ownMongo();
}

function givenMongo(given: string): Mongo {
  const urls: string[] = [];
  const another = () => {
    const url = withDatabase(given, `flowcatch_test_${randomBytes(6).toString("hex")}`);
    urls.push(url);
    return url;
  };
  const cannot = () => {
    throw new Error("The MongoDB of MONGO_URL is not killed by tests: ask for `own`.");
  };
  return {
    url: another(),
    another,
    kill9: async () => cannot(),
    freeze: cannot,
    thaw: cannot,
    restart: async () => cannot(),
    async close() {
      for (const url of urls) {
        const connection = await mongoose.createConnection(url).asPromise();
        await connection.dropDatabase();
        await connection.close();
      }
    },
  };
}

async function ownMongo(): Promise<Mongo> {
  const folder = mkdtempSync(join(tmpdir(), "flowcatch-mongo-"));
  const port = await freePort();
  let databases = 0;
  let server: ChildProcess;
  const another = () => `mongodb://127.0.0.1:${port}/flowcatch_${++databases}`;
  const kill = () => server.kill("SIGKILL");

  async function start(): Promise<void> {
    let said = "";
    server = spawn(join(import.meta.dirname, "mongo/start"), [String(port), folder], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [server.stdout, server.stderr])
      stream?.on("data", (chunk) => {
        said += chunk;
      });
    const ended = once(server, "exit").then(() => {
      throw new Error(`No MongoDB for tests. ${said.trim()}`);
    });
    ended.catch(() => {});
    await Promise.race([ended, answers(port)]);
  }

  // a test process that ends early leaves no server behind
  process.on("exit", kill);
  await start();
  return {
    url: another(),
    another,
    async kill9() {
      const gone = once(server, "exit");
      kill();
      await gone;
    },
    freeze: () => void server.kill("SIGSTOP"),
    thaw: () => void server.kill("SIGCONT"),
    restart: start,
    async close() {
      process.off("exit", kill);
      if (server.exitCode === null && server.signalCode === null) {
        const gone = once(server, "exit");
        kill();
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The first time it is built, which takes a download. */
async function answers(port: number): Promise<void> {
  for (let i = 0; i < 6_000; i++) {
    const socket = connect(port, "127.0.0.1");
    const open = await new Promise((resolve) => {
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    });
    socket.destroy();
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("No MongoDB for tests: the server was never ready.");
}

/** The same address with another database; who is known to the one that was named stays known. */
function withDatabase(url: string, name: string): string {
  const parts = /^(mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?[^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/.exec(url);
  if (!parts) throw new Error(`MONGO_URL is not the URL of a MongoDB: it begins with mongodb://host/.`);
  const [, server = "", database = "", query = ""] = parts;
  const options = new URLSearchParams(query);
  if (server.includes("@") && database !== "" && !options.has("authSource"))
    options.set("authSource", database);
  return `${server}/${name}${options.size > 0 ? `?${options}` : ""}`;
}
