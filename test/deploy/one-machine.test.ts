// The Dockerfile and the systemd unit fit the package, the settings that the server has, and docs/deploy.md.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { readConfig, settingsTable } from "../../server/config.ts";
import { readDockerfile } from "./dockerfile.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const known = settingsTable.map(({ name }) => name);
/** How the C library hands memory back, which the process has to find when it starts. */
const GLIBC = "MALLOC_MMAP_THRESHOLD_";

describe("the Dockerfile", () => {
  const stages = readDockerfile(read("Dockerfile"));
  const last = stages.at(-1)?.instructions ?? [];
  const env = Object.fromEntries(
    last
      .filter(({ name }) => name === "ENV")
      .flatMap(({ text }) => [...text.matchAll(/(\w+)=(\S+)/g)].map((m) => [m[1] ?? "", m[2] ?? ""])),
  );

  test("every stage has the Node that the package pins, the last on the same Debian", () => {
    const { dependencies } = JSON.parse(read("package.json"));
    const [, debian] = /^node:.*-([a-z]+)-slim$/.exec(stages[0]?.base ?? "") ?? [];
    const node = `node:${dependencies.node}-${debian}-slim`;
    expect(stages.map(({ base }) => base)).toEqual([node, node, `debian:${debian}-slim`]);
    expect(last).toContainEqual({ name: "COPY", text: "--from=app /usr/local/bin/node /usr/local/bin/" });
  });

  test("sets what the server knows, and the server starts on it", () => {
    expect([...known, "NODE_ENV", GLIBC]).toEqual(expect.arrayContaining(Object.keys(env)));
    expect(readConfig(env)).toMatchObject({ host: "0.0.0.0", port: 3000, dataDir: "/data" });
    expect(last).toContainEqual({ name: "VOLUME", text: env.DATA_DIR });
  });

  test("runs as nobody special, by a number that Kubernetes can check", () => {
    const user = last.filter(({ name }) => name === "USER").map(({ text }) => text);
    expect(user).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)]);
    // what was compiled at the build is found only by who compiled it
    const compiled = stages.at(-2)?.instructions.filter(({ name }) => name === "USER");
    expect(compiled).toEqual([{ name: "USER", text: user[0] }]);
  });

  test("asks for health where the server tells it: any other path answers, too, with the client", () => {
    const check = last.find(({ name }) => name === "HEALTHCHECK")?.text;
    expect(check).toMatch(/fetch\(`http:\/\/127\.0\.0\.1:\$\{process\.env\.PORT\}\/healthz`\)/);
  });

  test("starts what npm start starts, without npm: that would keep the signal to itself", () => {
    const { scripts } = JSON.parse(read("package.json"));
    const command = last.find(({ name }) => name === "CMD")?.text ?? "[]";
    expect(JSON.parse(command).join(" ")).toBe(scripts.start);
  });
});

describe("the systemd unit", () => {
  const unit = read("deploy/flowcatch.service");
  const values = (key: string) => [...unit.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map((m) => m[1]);

  test("starts what npm start starts, with the Node of the packages", () => {
    const [folder] = values("WorkingDirectory");
    const { scripts } = JSON.parse(read("package.json"));
    expect(values("ExecStart")).toEqual([scripts.start.replace("node", `${folder}/node_modules/.bin/node`)]);
    expect(existsSync(join(ROOT, "node_modules/.bin/node"))).toBe(true);
  });

  test("sets what the server knows, and gives it folders that it can write", () => {
    const env = Object.fromEntries(values("Environment").map((pair) => pair?.split("=") ?? []));
    expect([...known, "NODE_ENV", "NODE_COMPILE_CACHE", GLIBC]).toEqual(
      expect.arrayContaining(Object.keys(env)),
    );
    expect(env.DATA_DIR).toBe(`/var/lib/${values("StateDirectory")[0]}`);
    expect(env.NODE_COMPILE_CACHE).toBe(`/var/cache/${values("CacheDirectory")[0]}`);
  });

  test("gives what is under way its 30 seconds, by the signal that the server knows", () => {
    expect(Number(values("TimeoutStopSec")[0])).toBeGreaterThan(30);
    expect(values("KillSignal")).toEqual(["SIGTERM"]);
    expect(values("Restart")).toEqual(["always"]);
  });

  test("forbids no memory that is written and run: V8 needs it", () => {
    expect(unit).not.toMatch(/^MemoryDenyWriteExecute=/m);
  });
});

describe("docs/deploy.md", () => {
  const page = read("docs/deploy.md");

  test("is found from the README, and leads to files that are there", () => {
    expect(read("README.md")).toContain("(docs/deploy.md)");
    const links = [...page.matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)].map((m) => m[1] ?? "");
    expect(links.length).toBeGreaterThan(5);
    for (const link of links)
      expect(existsSync(join(dirname(join(ROOT, "docs/deploy.md")), link)), link).toBe(true);
  });

  test("names only settings that there are", () => {
    const others = ["MONGO_PASSWORD", "REDIS_PASSWORD", "NODE_COMPILE_CACHE", "NODE_ENV"];
    const named = [...page.matchAll(/`([A-Z]+_[A-Z_]+)(?:=[^`]*)?`/g)].map((m) => m[1] ?? "");
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !known.includes(name) && !others.includes(name))).toEqual([]);
  });

  test("calls only scripts that the package has", () => {
    const { scripts } = JSON.parse(read("package.json"));
    const called = [...page.matchAll(/npm run ([\w:-]+)/g)].map((m) => m[1] ?? "");
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(called));
  });
});
