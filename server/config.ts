// Every setting of the server: its name, its default and its reason, in one place.

import { isIP } from "node:net";
import { resolve } from "node:path";
import { z } from "zod";
import { type AllowEntry, parseAllowList } from "./adapters/address-guard.ts";
import { misspelt } from "./misspelt.ts";
import { createVault } from "./vault.ts";

export interface Config {
  port: number;
  host: string;
  /** Absolute. */
  dataDir: string;
  /** An origin, without a slash at the end; undefined means http://localhost and the port. */
  publicUrl: string | undefined;
  /** As Express takes it: how many proxies stand in front, or which addresses they have. */
  trustProxy: number | string[] | false;
  owner: { email: string; password: string } | undefined;
  /** Undefined means the key file in the data folder. */
  encryptionKey: string | undefined;
  allowNetworks: AllowEntry[];
  maxBodyBytes: number;
  retentionMs: number;
  /** How many runs may wait to be begun before catch URLs answer 503. */
  queueCap: number;
  /** How many requests in a second all catch URLs of this process take together. */
  catchRate: number;
  /** Both, or none: then everything is in a SQLite file. */
  mongoUrl: string | undefined;
  redisUrl: string | undefined;
  /** Web answers people and senders, a worker carries runs on. */
  role: "all" | "web" | "worker";
  logLevel: LogLevel;
  /** Undefined means that only the owner may read the metrics. */
  metricsToken: string | undefined;
}

const LogLevel = z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]);
export type LogLevel = z.infer<typeof LogLevel>;

/** The start is refused because of the settings; the message says which and what to do. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

/** Reads the settings. Throws a ConfigError with one sentence for each value that is wrong. An empty value is an absent one. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const wrong: string[] = [];
  const read = <T>(name: SettingName, schema: z.ZodType<T>): T | undefined => {
    const about: Setting = settings[name];
    const text = env[name]?.trim() || about.preset;
    if (text === undefined) return undefined;
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    const value = about.secret ? "" : ` is “${text.slice(0, 200)}”, which`;
    wrong.push(
      `${name}${value} is not right: ${parsed.error.issues[0]?.message}. Expected: ${about.expected}.`,
    );
    return undefined;
  };
  const email = read("OWNER_EMAIL", z.email("it is no e-mail address").max(254));
  const password = read(
    "OWNER_PASSWORD",
    z.string().min(12, "it has fewer than 12 characters").max(1_000, "it has more than 1000 characters"),
  );
  for (const [given, missing] of [
    ["OWNER_EMAIL", "OWNER_PASSWORD"],
    ["OWNER_PASSWORD", "OWNER_EMAIL"],
  ] as const) {
    if (env[given]?.trim() && !env[missing]?.trim()) {
      wrong.push(`${given} is set and ${missing} is not: set both, or none.`);
    }
  }
  const mongoUrl = read("MONGO_URL", ServerUrl(["mongodb:", "mongodb+srv:"]));
  const redisUrl = read("REDIS_URL", ServerUrl(["redis:", "rediss:"]));
  const role = read("ROLE", z.enum(["all", "web", "worker"], "there is no such role"));
  const given = (name: SettingName) => (env[name]?.trim() ?? "") !== "";
  if (given("MONGO_URL") !== given("REDIS_URL")) {
    const [set, missing] = given("MONGO_URL") ? ["MONGO_URL", "REDIS_URL"] : ["REDIS_URL", "MONGO_URL"];
    wrong.push(
      `${set} is set and ${missing} is not: several processes need both, and one process on a SQLite file needs none.`,
    );
  }
  if (given("MONGO_URL") && !given("ENCRYPTION_KEY")) {
    wrong.push(
      "MONGO_URL is set and ENCRYPTION_KEY is not: all processes on one database must seal connections with the same key. " +
        "Make one with: openssl rand -base64 32",
    );
  }
  if (role !== undefined && role !== "all" && !given("MONGO_URL")) {
    wrong.push(
      `ROLE=${role} needs MONGO_URL and REDIS_URL: on a SQLite file one process does everything. Set both, or remove ROLE.`,
    );
  }

  const config: Partial<Config> = {
    port: read("PORT", Port),
    host: read("HOST", z.string().regex(/^[\w.:-]+$/, "it is no address and no host name")),
    dataDir: read(
      "DATA_DIR",
      z.string().transform((path) => resolve(path)),
    ),
    publicUrl: read("PUBLIC_URL", Origin),
    trustProxy: read("TRUST_PROXY", Proxies) ?? false,
    owner: email !== undefined && password !== undefined ? { email, password } : undefined,
    encryptionKey: read("ENCRYPTION_KEY", Key),
    allowNetworks: read("ALLOW_NETWORKS", Networks) ?? [],
    maxBodyBytes: read("MAX_BODY", Size),
    retentionMs: read("RETENTION", Span),
    queueCap: read("QUEUE_CAP", Count),
    catchRate: read("CATCH_RATE", Count),
    mongoUrl,
    redisUrl,
    role,
    logLevel: read("LOG_LEVEL", z.enum(LogLevel.options, "there is no such level")),
    metricsToken: read(
      "METRICS_TOKEN",
      z.string().regex(/^[\x21-\x7e]{16,200}$/, "it is too short, too long, or has other characters"),
    ),
  };
  if (wrong.length > 0 || !isWhole(config)) {
    throw new ConfigError([...wrong, ...misspeltSettings(env)].join("\n"));
  }
  return config;
}

interface Setting {
  /** The value when it is not set; none where the absence means something of its own. */
  preset?: string;
  /** How the table shows the default, where it isn't the preset. */
  shown?: string;
  meaning: string;
  expected: string;
  /** Its value is never printed. */
  secret?: boolean;
}

type SettingName = keyof typeof settings;

const settings = {
  PORT: {
    preset: "3000",
    meaning: "The port to listen on.",
    expected: "a number from 0 to 65535 (0 takes any free port)",
  },
  HOST: {
    preset: "127.0.0.1",
    meaning:
      "The address to listen on. The default is reached from this machine only; `0.0.0.0` opens it to the network.",
    expected: "an address such as 127.0.0.1 or 0.0.0.0",
  },
  DATA_DIR: {
    preset: "./data",
    meaning: "The folder with the database and the encryption key. Back up this folder.",
    expected: "a folder",
  },
  PUBLIC_URL: {
    shown: "`http://localhost:PORT`",
    meaning:
      "The address people and senders reach the server by. Catch URLs start with it; with `https` the session cookie is sent over https only.",
    expected: "an address without a path, such as https://flows.example.com",
  },
  TRUST_PROXY: {
    shown: "none",
    meaning:
      "How many reverse proxies stand in front, or their addresses: then the caller's address is read from `X-Forwarded-For`. Without a proxy leave it empty, or callers could claim any address.",
    expected: "a number of proxies such as 1, or networks such as 10.0.0.0/8, 127.0.0.1",
  },
  OWNER_EMAIL: {
    shown: "none",
    meaning:
      "With OWNER_PASSWORD: creates the owner at the first start, so that no browser is needed. Ignored once an owner exists.",
    expected: "an e-mail address",
  },
  OWNER_PASSWORD: {
    shown: "none",
    meaning: "See OWNER_EMAIL.",
    expected: "12 to 1000 characters",
    secret: true,
  },
  ENCRYPTION_KEY: {
    shown: "made at the first start, in `DATA_DIR/encryption.key`",
    meaning:
      "The key that connections are sealed with. Without it they cannot be opened: keep a copy apart from the backup.",
    expected: "32 bytes as base64 or hex (make one with: openssl rand -base64 32)",
    secret: true,
  },
  ALLOW_NETWORKS: {
    shown: "none",
    meaning:
      "Networks of your own that flows may reach. Everything that is not a public address is refused otherwise. Example: `10.1.0.0/16, 127.0.0.1/32:2525`.",
    expected: "networks such as 10.0.0.0/8 or 127.0.0.1/32:2525, apart by commas",
  },
  MAX_BODY: {
    preset: "10mb",
    meaning: "The largest body that a catch URL takes, after decompression.",
    expected: "a size from 1kb to 100mb",
  },
  RETENTION: {
    preset: "30d",
    meaning: "How long ended runs are kept.",
    expected: "a time from 1h to 3650d, in h, d or w",
  },
  QUEUE_CAP: {
    preset: "100000",
    meaning:
      "How many events may wait for their turn. Beyond that catch URLs answer 503, and senders come again.",
    expected: "a number from 1 to 100000000",
  },
  CATCH_RATE: {
    preset: "5000",
    meaning:
      "How many requests in a second the catch URLs of this process take together, ten times as many for a moment. Beyond that they answer 429. Each flow has a limit of its own in its settings.",
    expected: "a number from 1 to 100000000",
  },
  LOG_LEVEL: {
    preset: "info",
    meaning: "How much is logged.",
    expected: LogLevel.options.join(", "),
  },
  METRICS_TOKEN: {
    shown: "none",
    meaning:
      "With it a Prometheus may read `/metrics`, as `Authorization: Bearer …`. Without it only the owner may.",
    expected: "16 to 200 letters, digits and signs without spaces (make one with: openssl rand -hex 24)",
    secret: true,
  },
  MONGO_URL: {
    shown: "none",
    meaning:
      "With REDIS_URL: everything is kept in this MongoDB database instead of a file in DATA_DIR, and any number of processes share the work. ENCRYPTION_KEY must be set then.",
    expected: "an address such as mongodb://user:password@db.example.com/flowcatch",
    secret: true,
  },
  REDIS_URL: {
    shown: "none",
    meaning: "With MONGO_URL: the queue of the processes, and what they tell each other.",
    expected: "an address such as redis://:password@queue.example.com:6379",
    secret: true,
  },
  ROLE: {
    preset: "all",
    meaning:
      "What this process does. `web` serves the screens, the API and catch URLs, `worker` carries runs on, `all` does both. Roles apart need MONGO_URL and REDIS_URL.",
    expected: "all, web or worker",
  },
} satisfies Record<string, Setting>;

/** The settings as the rows of a table. */
export const settingsTable: readonly { name: string; preset: string; meaning: string }[] = Object.entries(
  settings,
).map(([name, about]: [string, Setting]) => ({
  name,
  preset: about.shown ?? `\`${about.preset}\``,
  meaning: about.meaning,
}));

/** A sentence for each variable that looks like a setting that was written wrongly. */
export function misspeltSettings(env: NodeJS.ProcessEnv): string[] {
  return misspelt(env, Object.keys(settings));
}

/** The table of the README: a test holds the two together. */
export function settingsMarkdown(): string {
  const rows = settingsTable.map((s) => `| \`${s.name}\` | ${s.preset} | ${s.meaning} |`);
  return ["| Setting | Default | Meaning |", "| --- | --- | --- |", ...rows].join("\n");
}

/** Every value was read: those that may be absent aside, none is undefined. */
function isWhole(config: Partial<Config>): config is Config {
  const { port, host, dataDir, maxBodyBytes, retentionMs, queueCap, catchRate, role, logLevel } = config;
  return [port, host, dataDir, maxBodyBytes, retentionMs, queueCap, catchRate, role, logLevel].every(
    (value) => value !== undefined,
  );
}

const Port = z
  .string()
  .regex(/^\d{1,5}$/, "it is no port")
  .transform(Number)
  .refine((n) => n <= 65_535, "it is no port");

function ServerUrl(protocols: string[]) {
  // Not parsed as a URL: the address of a replica set names several hosts.
  const isOne = (text: string) => protocols.some((protocol) => text.startsWith(`${protocol}//`));
  return z.string().refine(isOne, `it does not begin with ${protocols[0]}//`);
}

const Count = z
  .string()
  .regex(/^\d{1,9}$/, "it is no number")
  .transform(Number)
  .refine((n) => n >= 1 && n <= 100_000_000, "it is not from 1 to 100000000");

const Origin = z.string().transform((text, ctx) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:")
    return fail(ctx, "it is no http or https address");
  if (url.pathname !== "/" || url.search || url.hash || url.username || url.password) {
    return fail(ctx, "it has more than a scheme, a host and a port");
  }
  return url.origin;
});

const NAMED_NETWORKS = ["loopback", "linklocal", "uniquelocal"];

const Proxies = z.string().transform((text, ctx): number | string[] => {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const parts = text.split(/[\s,]+/).filter(Boolean);
  const bad = parts.find((part) => !NAMED_NETWORKS.includes(part) && !isNetwork(part));
  if (bad !== undefined) return fail(ctx, `“${bad}” is no network`);
  return parts;
});

function isNetwork(text: string): boolean {
  const [address = "", bits, ...more] = text.split("/");
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  // 0 bits would trust the whole internet.
  return (
    bits === undefined ||
    (/^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= (family === 4 ? 32 : 128))
  );
}

const Key = z.string().transform((text, ctx) => {
  try {
    createVault(text);
    return text;
  } catch {
    return fail(ctx, "it is not 32 bytes");
  }
});

const Networks = z.string().transform((text, ctx) => {
  try {
    return parseAllowList(text);
  } catch (error) {
    // The setting is named before it already, and how it is written comes after it.
    const why = error instanceof Error ? error.message.replace(/^ALLOW_NETWORKS: |\.$/g, "") : "";
    return fail(ctx, why || "it cannot be read");
  }
});

const SIZES = new Map([
  ["b", 1],
  ["kb", 1024],
  ["mb", 1024 ** 2],
  ["gb", 1024 ** 3],
]);
const Size = amount(/^(\d+(?:\.\d+)?)\s*([kmg]?b)$/i, SIZES, 1024, 100 * 1024 ** 2);

const HOUR = 3_600_000;
const SPANS = new Map([
  ["h", HOUR],
  ["d", 24 * HOUR],
  ["w", 7 * 24 * HOUR],
]);
const Span = amount(/^(\d+(?:\.\d+)?)\s*([hdw])$/i, SPANS, HOUR, 3650 * 24 * HOUR);

function amount(form: RegExp, units: Map<string, number>, least: number, most: number) {
  return z.string().transform((text, ctx) => {
    const [, number, unit = ""] = form.exec(text) ?? [];
    const value = Math.round(Number(number) * (units.get(unit.toLowerCase()) ?? Number.NaN));
    if (Number.isNaN(value)) return fail(ctx, "it is no number with a unit");
    if (value < least) return fail(ctx, "it is too small");
    return value > most ? fail(ctx, "it is too large") : value;
  });
}

function fail(ctx: z.RefinementCtx, message: string): never {
  ctx.issues.push({ code: "custom", message, input: ctx.value });
  return z.NEVER;
}
