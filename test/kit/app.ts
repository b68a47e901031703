// The whole server on a free port, with a database in memory, an owner and a session: what tests of HTTP start.

import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { join } from "node:path";
import { createMemoryBus } from "../../server/adapters/memory-bus.ts";
import { DATABASE_FILE, openSqliteFile, openSqliteMemory } from "../../server/adapters/sqlite-file.ts";
import { createSqliteQueue } from "../../server/adapters/sqlite-queue.ts";
import { createSqliteStore } from "../../server/adapters/sqlite-store.ts";
import { createSystemClock } from "../../server/adapters/system-clock.ts";
import { type AppDeps, createListener } from "../../server/app.ts";
import type { EngineDeps } from "../../server/engine/deps.ts";
import { createPressure } from "../../server/engine/pressure.ts";
import { createShapes } from "../../server/engine/shapes.ts";
import { startWorker } from "../../server/engine/worker.ts";
import { keepLastLines } from "../../server/last-lines.ts";
import { listen } from "../../server/listen.ts";
import { createLog } from "../../server/log.ts";
import { createMetrics } from "../../server/metrics.ts";
import type { Clock } from "../../server/ports/clock.ts";
import type { Http } from "../../server/ports/http.ts";
import type { Mailer } from "../../server/ports/mailer.ts";
import type { Store } from "../../server/ports/store.ts";
import type { WebSettings } from "../../server/routes/deps.ts";
import { hashOf, newToken } from "../../server/routes/token-text.ts";
import { createVault } from "../../server/vault.ts";
import { createVerifier } from "../../server/verify/verify.ts";
import { watchOver } from "../../server/watch.ts";
import { DEFAULT_WORKSPACE } from "../../server/workspace.ts";
import { newId, newSecret } from "../../shared/id.ts";

export interface TestAppOptions {
  /** Default: the system's. */
  clock?: Clock;
  /** Default: whatever is sent fails the test. */
  http?: Http;
  mailer?: Mailer;
  /** To make the store fail: is given the real one. */
  wrapStore?: (store: Store) => Store;
  /** Carry runs on? Default: no, events are only accepted. */
  worker?: boolean;
  /** Default: there is one, signed in. */
  owner?: boolean;
  settings?: Partial<WebSettings>;
  /** A folder for a database on disk; default: in memory. */
  dataDir?: string;
  clientDir?: string;
  /** Errors in the log fail the test unless this is set. */
  mayLogErrors?: boolean;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** Parsed when it is JSON, else text. */
  body: unknown;
  text: string;
}

export interface Sending {
  body?: unknown;
  headers?: Record<string, string>;
}

export type Send = (method: string, path: string, sending?: Sending) => Promise<Answer>;

export interface TestApp {
  url: string;
  deps: AppDeps;
  /** Nobody. */
  anonymous: Send;
  /** The owner, with a session. */
  owner: Send;
  /** A program with a token. */
  program: Send;
  /** What the session's cookie and the token are, to misuse them. */
  cookie: string;
  token: string;
  logged: string[];
  /** Begins to stop, as a signal does. */
  stop(): void;
  /** Ends everything. Fails when an answer was left open, a worker's timer is left, or an error was logged. */
  close(): Promise<void>;
}

export const OWNER_PASSWORD = "correct horse battery";
const OWNER_EMAIL = "owner@example.com";

export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const logged: string[] = [];
  const stopping = new AbortController();
  const clock = options.clock ?? createSystemClock();
  const { log, lines } = keepLastLines(
    createLog({ level: "debug", human: false, write: (line) => logged.push(line) }),
    clock,
  );
  const metrics = createMetrics();
  const { dataDir } = options;
  const sqlite = { onCommit: metrics.commit };
  const file = dataDir === undefined ? openSqliteMemory(sqlite) : openSqliteFile(dataDir, sqlite);
  const realStore = createSqliteStore(file);
  const store = options.wrapStore?.(realStore) ?? realStore;
  const queue = createSqliteQueue(file, clock, {
    onFailure: (error) => log.error({ err: error }, "job failed"),
  });
  const bus = createMemoryBus({ onFailure: (error) => log.error({ err: error }, "listener failed") });
  const bare: EngineDeps = {
    store,
    queue,
    bus,
    clock,
    log,
    vault: createVault(randomBytes(32).toString("hex")),
    http: options.http ?? { send: () => Promise.reject(new Error("this test sends nothing")) },
    mailer: options.mailer ?? {
      send: () => Promise.reject(new Error("this test mails nothing")),
      verify: () => Promise.reject(new Error("this test mails nothing")),
    },
  };
  const databaseFile = dataDir === undefined ? null : join(dataDir, DATABASE_FILE);
  const about = { version: "1.2.3", since: clock.now(), store: "SQLite", queue: "SQLite", databaseFile };
  const { deps: counted, watch, onReceived } = watchOver(bare, { metrics, lines, about });
  const engine = { ...counted, shapeOf: createShapes(counted.store) };
  const worker = options.worker ? await startWorker(engine, { concurrency: 4, retentionMs: 1e12 }) : null;

  let deps: AppDeps | undefined;
  let open = 0;
  const listening = await listen({ port: 0, host: "127.0.0.1" }, (port) => {
    deps = {
      ...engine,
      ...(worker ? { freeHands: worker.freeHands } : {}),
      pressure: createPressure(clock, { perSecond: 100_000, burst: 1_000_000 }),
      verifier: createVerifier(engine),
      watch,
      onReceived,
      settings: {
        publicUrl: `http://localhost:${port}`,
        trustProxy: false,
        maxBodyBytes: 1024 * 1024,
        ...options.settings,
      },
      clientDir: options.clientDir ?? "/nonexistent",
      stopping: stopping.signal,
      localKey: randomBytes(32),
      checkAnswers: true,
    };
    const answer = createListener(deps);
    return (req, res) => {
      open++;
      res.once("close", () => open--);
      answer(req, res);
    };
  });
  if (!deps) throw new Error("the app was not made");

  const url = `http://127.0.0.1:${listening.port}`;
  const cookie = options.owner === false ? "" : await signInOwner(realStore, clock, deps.settings);
  const token = await makeToken(realStore, clock);
  const send =
    (credentials: Record<string, string>): Send =>
    (method, path, sending = {}) =>
      sendTo(`${url}${path}`, method, { ...sending, headers: { ...credentials, ...sending.headers } });

  return {
    url,
    deps,
    anonymous: send({}),
    owner: send({ cookie, "x-flowcatch": "1" }),
    program: send({ authorization: `Bearer ${token}` }),
    cookie,
    token,
    logged,
    stop: () => stopping.abort(),
    async close() {
      stopping.abort();
      // An answer ends a moment after its reader has read it.
      for (let look = 0; open > 0 && look < 50; look++) await new Promise((done) => setTimeout(done, 10));
      const left = open;
      await Promise.all([listening.close(0), worker?.stop(1_000) ?? queue.close(0)]);
      await watch.minutes.stop();
      await bus.close();
      await realStore.close();
      if (left > 0) throw new Error(`${left} requests were left open`);
      const errors = logged.filter((line) => /"level":"(error|fatal)"/.test(line));
      if (errors.length > 0 && !options.mayLogErrors)
        throw new Error(`errors were logged:\n${errors.join("")}`);
    },
  };
}

/** One request; the answer is read to its end. */
export async function sendTo(url: string, method: string, { body, headers = {} }: Sending): Promise<Answer> {
  const isJson = body !== undefined && !(typeof body === "string" || body instanceof Uint8Array);
  const answer = await fetch(url, {
    method,
    headers: { ...(isJson ? { "content-type": "application/json" } : {}), ...headers },
    redirect: "manual",
    ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : rawBody(body) }),
  });
  const text = await answer.text();
  const type = answer.headers.get("content-type") ?? "";
  return {
    status: answer.status,
    headers: answer.headers,
    body: /json/.test(type) && text !== "" ? JSON.parse(text) : text,
    text,
  };
}

/** One request with its path exactly as given: fetch would tidy it up. */
export function sendAsWritten(
  url: string,
  method: string,
  path: string,
): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, method, path, agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        text += chunk;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    asked.on("error", reject);
    asked.end();
  });
}

function rawBody(body: unknown): string | Uint8Array<ArrayBuffer> {
  return body instanceof Uint8Array ? new Uint8Array(body) : String(body);
}

/** argon2id of OWNER_PASSWORD, made once: hashing it for every test would take longer than most tests. */
const OWNER_HASH =
  "$argon2id$v=19$m=19456,t=2,p=1$y6UbWaCdrvlwJ15aQq+yYw$yV8XjkQAqdx1ItXqN7umLWOA/T9UwzgZ5uCq4rUA9UM";

async function signInOwner(store: Store, clock: Clock, settings: WebSettings): Promise<string> {
  const now = clock.now();
  const userId = newId("usr", now);
  await store.accounts.insertFirstUser({
    id: userId,
    workspaceId: DEFAULT_WORKSPACE,
    email: OWNER_EMAIL,
    passwordHash: OWNER_HASH,
    role: "owner",
    createdAt: now,
  });
  const secret = newSecret(32);
  await store.accounts.insertSession({
    hash: hashOf(secret),
    userId,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + 30 * 86_400_000,
  });
  return `${settings.publicUrl.startsWith("https:") ? "__Host-flowcatch" : "flowcatch"}=${secret}`;
}

async function makeToken(store: Store, clock: Clock): Promise<string> {
  const { text, token } = newToken(DEFAULT_WORKSPACE, "test", clock.now());
  await store.accounts.insertToken(token);
  return text;
}
