// Puts the server together: settings, adapters, engine, web. Everything that begins here ends in `stop`, in reverse.

import { fileURLToPath } from "node:url";
import { createAddressGuard } from "./adapters/address-guard.ts";
import { createGuardedHttp } from "./adapters/guarded-http.ts";
import { createSmtpMailer } from "./adapters/smtp-mailer.ts";
import { createSystemClock } from "./adapters/system-clock.ts";
import { type AppDeps, createListener, createWatchListener } from "./app.ts";
import { type Config, misspeltSettings, readConfig } from "./config.ts";
import { makeDataFolder, noteAddress, openVault, StartRefused } from "./data-folder.ts";
import { createBacklog } from "./engine/backlog.ts";
import type { EngineDeps, Log } from "./engine/deps.ts";
import { createPressure } from "./engine/pressure.ts";
import { createShapes } from "./engine/shapes.ts";
import { startWorker, type Worker } from "./engine/worker.ts";
import { keepLastLines } from "./last-lines.ts";
import { type Listening, listen } from "./listen.ts";
import { localKeyFrom } from "./local-proof.ts";
import { createLog } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import type { OpenLimiter } from "./ports/limiter.ts";
import { createOwner } from "./routes/session.ts";
import { collector, giveBackMemory, tuneCollector } from "./spare-memory.ts";
import { openStorage } from "./storage.ts";
import { createVerifier } from "./verify/verify.ts";
import { VERSION } from "./version.ts";
import { watchOver } from "./watch.ts";

export interface Started {
  /** Where people reach it. */
  url: string;
  config: Config;
  deps: AppDeps;
  /** Nobody has an account yet. */
  needsOwner: boolean;
  /** Takes nothing new, lets what is under way end, and lets go of the data folder. Can be called twice. */
  stop(): Promise<void>;
}

/** How many queued runs are carried on at the same time; those that were just accepted have hands of their own. */
const CONCURRENCY = 100;
/** How long steps and answers under way may take when the server stops. */
const DRAIN_MS = 30_000;

/**
 * Starts everything on the settings in `env`. Throws a ConfigError or a StartRefused with a sentence for the person
 * who started it; what had begun by then is ended.
 */
export async function startServer(
  env: NodeJS.ProcessEnv,
  options: { log?: Log; clientDir?: string } = {},
): Promise<Started> {
  const config = readConfig(env);
  const log = options.log ?? createLog({ level: config.logLevel, human: process.stdout.isTTY === true });
  for (const sentence of misspeltSettings(env)) log.warn({}, sentence);
  const endings: (() => unknown)[] = [];
  const end = async () => {
    for (let ending = endings.pop(); ending; ending = endings.pop()) await ending();
  };
  try {
    return await start(config, log, options.clientDir ?? CLIENT_DIR, endings, end);
  } catch (error) {
    await end();
    throw error;
  }
}

const CLIENT_DIR = fileURLToPath(new URL("../client/dist", import.meta.url));

async function start(
  config: Config,
  log: Log,
  clientDir: string,
  endings: (() => unknown)[],
  end: () => Promise<void>,
): Promise<Started> {
  const stopping = new AbortController();
  const { deps: engine, watch, onReceived, keyText, openLimiter } = await openAdapters(config, log, endings);
  const { accounts } = engine.store;
  if (config.owner && (await accounts.userCount()) === 0) {
    const created = await createOwner(engine, config.owner);
    if (created) log.info({ email: config.owner.email }, "the owner was created");
  }

  const shapeOf = createShapes(engine.store);
  const worker = config.role === "web" ? null : await startEngine({ ...engine, shapeOf }, config);
  const stopWorker = async () => worker?.stop(DRAIN_MS);
  endings.push(stopWorker);

  const { listening, deps } = await openWeb(config, (publicUrl) => ({
    ...engine,
    shapeOf,
    ...(worker ? { freeHands: worker.freeHands } : {}),
    openLimiter,
    role: config.role,
    backlog: createBacklog(engine.store, engine.clock, config.queueCap),
    pressure: createPressure(engine.clock, { perSecond: config.catchRate, burst: config.catchRate * 10 }),
    verifier: createVerifier(engine),
    watch,
    onReceived,
    settings: {
      publicUrl,
      trustProxy: config.trustProxy,
      maxBodyBytes: config.maxBodyBytes,
      retentionMs: config.retentionMs,
      metricsToken: config.metricsToken,
    },
    clientDir,
    stopping: stopping.signal,
    localKey: localKeyFrom(keyText),
  }));
  // Both at once: together they may take no longer than each.
  endings.push(() => Promise.all([listening.close(DRAIN_MS), stopWorker()]));
  if (config.mongoUrl === undefined)
    endings.push(noteAddress(config.dataDir, localAddress(config.host, listening.port)));
  log.info({ url: deps.settings.publicUrl, port: listening.port, role: config.role }, "listening");

  let stopped: Promise<void> | undefined;
  return {
    url: deps.settings.publicUrl,
    config,
    deps,
    needsOwner: (await accounts.userCount()) === 0,
    stop() {
      stopped ??= (async () => {
        stopping.abort();
        await end();
        log.info({}, "stopped");
      })();
      return stopped;
    },
  };
}

function startEngine(
  deps: Parameters<typeof startWorker>[0],
  { retentionMs }: Pick<Config, "retentionMs">,
): Promise<Worker> {
  return startWorker(deps, { concurrency: CONCURRENCY, retentionMs });
}

async function openAdapters(
  config: Config,
  baseLog: Log,
  endings: (() => unknown)[],
): Promise<
  ReturnType<typeof watchOver<EngineDeps>> & { keyText: string; openLimiter: OpenLimiter | undefined }
> {
  const clock = createSystemClock();
  const { log, lines } = keepLastLines(baseLog, clock);
  const metrics = createMetrics();
  if (config.mongoUrl === undefined) makeDataFolder(config.dataDir);
  // Before the storage has a thread of its own: that one gives back its memory, too.
  const collect = collector();
  tuneCollector();
  const storage = await openStorage({ config, clock, log, onCommit: metrics.commit, endings });
  endings.push(giveBackMemory(collect, storage.spareMemory));
  const { store, queue, bus, openLimiter } = storage;
  const { vault, keyText } = await openVault(
    config.mongoUrl === undefined ? config.dataDir : "this database",
    config.encryptionKey,
    store.accounts,
  );
  const guard = createAddressGuard({ allow: config.allowNetworks });
  const http = createGuardedHttp({ guard, clock });
  endings.push(() => http.close());
  const mailer = createSmtpMailer({ guard });
  const about = { version: VERSION, since: clock.now(), ...storage.about };
  const bare: EngineDeps = { store, queue, bus, clock, http, mailer, vault, log };
  const watched = watchOver(bare, { metrics, lines, about });
  endings.push(() => watched.watch.minutes.stop());
  return { ...watched, keyText, openLimiter };
}

async function openWeb(
  config: Config,
  depsFor: (publicUrl: string) => AppDeps,
): Promise<{ listening: Listening; deps: AppDeps }> {
  let deps: AppDeps | undefined;
  const { port, host } = config;
  try {
    const listening = await listen({ port, host }, (taken) => {
      deps = depsFor(config.publicUrl ?? `http://localhost:${taken}`);
      return config.role === "worker" ? createWatchListener(deps) : createListener(deps);
    });
    if (!deps) throw new Error("It listens without an app.");
    return { listening, deps };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const why = LISTEN_PROBLEMS.get(code);
    if (why === undefined) throw error;
    throw new StartRefused(why(port, host), { cause: error });
  }
}

const LISTEN_PROBLEMS = new Map<string, (port: number, host: string) => string>([
  [
    "EADDRINUSE",
    (port, host) =>
      `Port ${port} on ${host} is in use by another program. Stop that one, or set PORT to another number.`,
  ],
  ["EACCES", (port) => `This user may not listen on port ${port}. Set PORT to a number of 1024 or more.`],
  [
    "EADDRNOTAVAIL",
    (_, host) =>
      `HOST is ${host}, which is no address of this machine. Set it to 0.0.0.0 for all of them, or to 127.0.0.1.`,
  ],
  ["ENOTFOUND", (_, host) => `HOST is ${host}, and nobody knows an address of that name.`],
]);

/** How a program on this machine reaches the server. */
function localAddress(host: string, port: number): string {
  if (host === "0.0.0.0") return `http://127.0.0.1:${port}`;
  if (host === "::") return `http://[::1]:${port}`;
  return host.includes(":") ? `http://[${host}]:${port}` : `http://${host}:${port}`;
}
