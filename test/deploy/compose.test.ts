// The compose files, the proxy and the env file fit each other, the image and the settings that the server has.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { readConfig, settingsTable } from "../../server/config.ts";
import { readCompose, readEnvFile, type Service } from "./compose-shape.ts";
import { readDockerfile } from "./dockerfile.ts";

const read = (path: string) => readFileSync(join(resolve(import.meta.dirname, "../.."), path), "utf8");

/** How long the server gives what is under way, as the README says. */
const DRAIN_SECONDS = 30;
const KEY = "0123456789abcdef".repeat(4);
const FILLED = {
  ...readEnvFile(read(".env.example")),
  ENCRYPTION_KEY: KEY,
  MONGO_PASSWORD: "mongo1",
  REDIS_PASSWORD: "redis1",
};
const FILES = ["compose.yaml", "compose.sqlite.yaml"] as const;
const filled = (file: string, settings: Record<string, string> = {}) =>
  readCompose(read(file), { ...FILLED, ...settings });

const several = filled("compose.yaml").services;
const single = filled("compose.sqlite.yaml").services;
const ours: [string, Service][] = [
  ["web", serviceOf(several, "web")],
  ["worker", serviceOf(several, "worker")],
  ["the one process", serviceOf(single, "web")],
];
const image = readDockerfile(read("Dockerfile")).at(-1)?.instructions ?? [];
const imageEnv = Object.fromEntries(
  image
    .filter(({ name }) => name === "ENV")
    .flatMap(({ text }) => [...text.matchAll(/(\w+)=(\S+)/g)].map((m) => [m[1], m[2]])),
);
const known = new Set(settingsTable.map(({ name }) => name));

describe.each(FILES)("%s", (file) => {
  test("can be read, and everything that a service names is there", () => {
    expect(Object.keys(filled(file).services)).toContain("proxy");
  });

  test("asks for no setting that .env.example does not explain", () => {
    const asked = [...read(file).matchAll(/\$\{(\w+)/g)].map((m) => m[1]);
    expect(Object.keys(readEnvFile(read(".env.example")))).toEqual(expect.arrayContaining(asked));
  });

  test("does not start without a public address, and says so", () => {
    expect(() => filled(file, { PUBLIC_URL: "" })).toThrow("Set PUBLIC_URL in .env");
  });

  test("the proxy comes after a web process that is well, and only the proxy has ports", () => {
    const { services } = filled(file);
    expect(services.proxy?.depends_on).toEqual({ web: { condition: "service_healthy" } });
    const open = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    expect(open.map(([name]) => name)).toEqual(["proxy"]);
    expect(services.proxy?.volumes).toContain("./deploy/Caddyfile:/etc/caddy/Caddyfile:ro");
  });
});

describe.each(ours)("%s", (_, service) => {
  test("has only settings that the server has", () => {
    expect(Object.keys(service.environment).filter((name) => !known.has(name))).toEqual([]);
  });

  test("has settings that the server starts on", () => {
    expect(() => readConfig({ ...imageEnv, ...service.environment })).not.toThrow();
  });

  test("gets the time that what is under way needs, and comes back by itself", () => {
    expect(Number(/^(\d+)s$/.exec(service.stop_grace_period ?? "")?.[1])).toBeGreaterThan(DRAIN_SECONDS);
    expect(service.restart).toBe("unless-stopped");
  });

  test("can write nowhere but where it keeps things, and may nothing that a server need not", () => {
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(["ALL"]);
    const writable = [...(service.tmpfs ?? []), ...(service.volumes ?? []).map((v) => v.split(":")[1] ?? "")];
    expect(writable.map((path) => path.split(":")[0]).sort()).toEqual(["/data", "/tmp"]);
  });

  test("listens where the image's health check and the proxy look", () => {
    expect(service.environment.PORT).toBe(imageEnv.PORT);
    expect(image).toContainEqual({ name: "EXPOSE", text: imageEnv.PORT });
  });
});

describe("several processes", () => {
  test("two that catch and two that work share one database, one queue and one key, given by hand", () => {
    const { web, worker } = several;
    expect([web?.environment.ROLE, worker?.environment.ROLE]).toEqual(["web", "worker"]);
    expect([web?.deploy?.replicas, worker?.deploy?.replicas]).toEqual([2, 2]);
    for (const name of ["MONGO_URL", "REDIS_URL", "ENCRYPTION_KEY", "PUBLIC_URL", "RETENTION"]) {
      expect(web?.environment[name], name).toBeTruthy();
      expect(worker?.environment[name], name).toBe(web?.environment[name]);
    }
    for (const name of ["ENCRYPTION_KEY", "MONGO_PASSWORD", "REDIS_PASSWORD"])
      expect(() => filled("compose.yaml", { [name]: "" })).toThrow(`Set ${name}`);
  });

  test("the addresses lead to the services, with the passwords that these were given", () => {
    const mongo = new URL(several.web?.environment.MONGO_URL ?? "");
    const redis = new URL(several.web?.environment.REDIS_URL ?? "");
    expect([mongo.hostname, mongo.port, redis.hostname, redis.port]).toEqual([
      "mongo",
      "27017",
      "redis",
      "6379",
    ]);
    expect(several.mongo?.environment).toEqual({
      MONGO_INITDB_ROOT_USERNAME: mongo.username,
      MONGO_INITDB_ROOT_PASSWORD: mongo.password,
    });
    expect(several.redis?.command?.slice(-2)).toEqual(["--requirepass", redis.password]);
    expect(several.redis?.environment).toEqual({ REDISCLI_AUTH: redis.password });
  });

  test("the queue is kept on disk and never thrown away to make room", () => {
    const command = several.redis?.command?.join(" ");
    expect(command).toContain("--appendonly yes");
    expect(command).toContain("--maxmemory-policy noeviction");
    expect(several.redis?.volumes).toEqual(["redis:/data"]);
    expect(several.mongo?.volumes).toEqual(["mongo:/data/db"]);
  });

  test("they wait for the database and the queue, which are on a network without a way out", () => {
    const { networks } = filled("compose.yaml");
    expect(networks).toEqual({ outside: {}, inside: { internal: true } });
    for (const name of ["mongo", "redis"] as const) {
      expect(several[name]?.networks).toEqual(["inside"]);
      expect(several[name]?.healthcheck, name).toBeDefined();
      for (const process of [several.web, several.worker]) {
        expect(process?.networks).toContain("inside");
        expect(process?.depends_on?.[name]).toEqual({ condition: "service_healthy" });
      }
    }
  });
});

describe("the proxy", () => {
  const caddyfile = read("deploy/Caddyfile");
  const numberAfter = (form: RegExp, text = caddyfile) =>
    Number(form.exec(text)?.[1]?.replaceAll("_", "") ?? Number.NaN);

  test("passes on to a service that both files have, at its port", () => {
    const [, service = "", port] = /dynamic a (\S+) (\d+) \{/.exec(caddyfile) ?? [];
    for (const services of [several, single])
      expect(serviceOf(services, service).environment.PORT).toBe(port);
  });

  test("is one proxy in front, which the web processes are told", () => {
    expect([several.web, single.web].map((web) => web?.environment.TRUST_PROXY)).toEqual(["1", "1"]);
    expect(caddyfile).not.toContain("trusted_proxies");
  });

  test("is reached at the public address, and has it from the same setting", () => {
    expect(caddyfile).toMatch(/^\{\$PUBLIC_URL\} \{$/m);
    for (const services of [several, single])
      expect(services.proxy?.environment.PUBLIC_URL).toBe(services.web?.environment.PUBLIC_URL);
  });

  test("lets through every body that the server could be told to take", () => {
    const most = numberAfter(/max_size (\d+)MB/) * 1e6;
    const { maxBodyBytes } = readConfig({ MAX_BODY: "100mb" });
    expect(() => readConfig({ MAX_BODY: "101mb" })).toThrow("MAX_BODY");
    expect(most).toBeGreaterThan(maxBodyBytes);
  });

  test("lets go of an idle connection before the server does", () => {
    const served = numberAfter(/keepAliveTimeout: ([\d_]+)/, read("server/listen.ts")) / 1000;
    expect(numberAfter(/keepalive (\d+)s/)).toBeLessThan(served);
  });

  test("holds nothing back of what is sent bit by bit", () => {
    expect(caddyfile).not.toMatch(/^\s*(encode|response_buffers|flush_interval)\b/m);
  });
});

describe(".env.example", () => {
  const example = readEnvFile(read(".env.example"));

  test("has nothing that no file asks for", () => {
    const asked = FILES.flatMap((file) => [...read(file).matchAll(/\$\{(\w+)/g)].map((m) => m[1] ?? ""));
    expect(Object.keys(example).filter((name) => !asked.includes(name))).toEqual([]);
  });

  test("holds no secret, and the server's own defaults", () => {
    for (const name of Object.keys(example).filter((name) => /KEY|PASSWORD|TOKEN/.test(name)))
      expect(example[name], name).toBe("");
    for (const name of ["MAX_BODY", "RETENTION", "QUEUE_CAP", "CATCH_RATE", "LOG_LEVEL"])
      expect(`\`${example[name]}\``).toBe(settingsTable.find((setting) => setting.name === name)?.preset);
  });

  test("what is made of it is not committed and not in the image", () => {
    expect(read(".gitignore").split("\n")).toContain(".env");
    expect(read(".dockerignore").split("\n")).not.toContain("!.env");
  });
});

function serviceOf(services: Record<string, Service>, name: string): Service {
  const service = services[name];
  if (!service) throw new Error(`There is no service ${name}.`);
  return service;
}
