// The whole server as it is started: its folder, its key, its owner, its lock, its token command, its end.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Started, startServer } from "../../server/start.ts";
import { makeToken } from "../../server/token.ts";
import { newVaultKey } from "../../server/vault.ts";
import { sendTo } from "../kit/app.ts";

let folder: string;
let env: Record<string, string>;
const running: Started[] = [];

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "flowcatch-start-")), "data");
  env = { PORT: "0", DATA_DIR: folder, LOG_LEVEL: "silent" };
});
afterEach(async () => {
  for (const started of running.splice(0)) await started.stop();
  rmSync(join(folder, ".."), { recursive: true });
});

async function start(more: Record<string, string> = {}): Promise<Started> {
  const started = await startServer({ ...env, ...more });
  running.push(started);
  return started;
}

async function stop(): Promise<void> {
  await running.pop()?.stop();
}

const mode = (name: string) => statSync(join(folder, name)).mode & 0o777;

describe("the data folder", () => {
  test("is made for its owner alone, with a key of its own", async () => {
    const { url, needsOwner } = await start();
    expect(url).toMatch(/^http:\/\/localhost:\d+$/);
    expect(needsOwner).toBe(true);
    expect(mode(".")).toBe(0o700);
    expect(mode("encryption.key")).toBe(0o600);
    const key = readFileSync(join(folder, "encryption.key"), "utf8");
    await stop();
    await start();
    expect(readFileSync(join(folder, "encryption.key"), "utf8")).toBe(key);
  });

  test("belongs to one process", async () => {
    await start();
    await expect(start()).rejects.toThrow(/in use by/);
  });

  test("has no key file when the key is a setting", async () => {
    await start({ ENCRYPTION_KEY: newVaultKey() });
    expect(existsSync(join(folder, "encryption.key"))).toBe(false);
  });

  test("is not opened with another key than it began with", async () => {
    await start();
    await stop();
    await expect(start({ ENCRYPTION_KEY: newVaultKey() })).rejects.toThrow(/is not the key/);
    const path = join(folder, "encryption.key");
    const key = readFileSync(path);
    rmSync(path);
    await expect(start()).rejects.toThrow(/is missing/);
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, "nonsense");
    await expect(start()).rejects.toThrow(/does not hold an encryption key/);
    writeFileSync(path, key);
    await start();
  });

  test("that cannot be made is named", async () => {
    const file = join(folder, "..", "file");
    writeFileSync(file, "");
    await expect(start({ DATA_DIR: join(file, "data") })).rejects.toThrow(/file\/data cannot be made/);
  });
});

test("a port in use is told in a sentence, and nothing is left open", async () => {
  const { deps } = await start();
  const port = new URL(deps.settings.publicUrl).port;
  const other = join(folder, "..", "other");
  await expect(start({ PORT: port, DATA_DIR: other })).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`);
  await start({ DATA_DIR: other });
});

test("the owner of the settings is created at the first start, and only then", async () => {
  const owner = { OWNER_EMAIL: "Ada@example.com", OWNER_PASSWORD: "twelve letters" };
  const first = await start(owner);
  expect(first.needsOwner).toBe(false);
  const body = { email: "ada@example.com", password: "twelve letters" };
  const signIn = async ({ url }: Started, account: object) =>
    (await sendTo(`${url}/api/session`, "POST", { body: account })).status;
  expect(await signIn(first, body)).toBe(200);
  await stop();
  const second = await start({ ...owner, OWNER_PASSWORD: "other letters" });
  expect(await signIn(second, { ...body, password: "other letters" })).toBe(401);
  expect(await signIn(second, body)).toBe(200);
});

test("a setting that looks misspelt is asked about, and keeps nothing from starting", async () => {
  const said: string[] = [];
  const silent = () => {};
  const log = {
    debug: silent,
    info: silent,
    warn: (_: object, line: string) => said.push(line),
    error: silent,
  };
  running.push(await startServer({ ...env, QUEUE_CAPS: "5" }, { log }));
  expect(said).toEqual([expect.stringContaining("QUEUE_CAPS is no setting, and QUEUE_CAP is not set.")]);
});

describe("npm run token", () => {
  const works = async (url: string, token: string) =>
    (await sendTo(`${url}/api/flows`, "GET", { headers: { authorization: `Bearer ${token}` } })).status ===
    200;

  test("makes a token before the server runs, while it runs, and after it was killed", async () => {
    const before = await makeToken(env, "before");
    const { url } = await start();
    const during = await makeToken(env, "during");
    expect(await works(url, before)).toBe(true);
    expect(await works(url, during)).toBe(true);
    await stop();
    expect(existsSync(join(folder, "address"))).toBe(false);
    writeFileSync(join(folder, "address"), "http://127.0.0.1:9\n");
    const after = await makeToken(env, "after");
    expect(await works((await start()).url, after)).toBe(true);
  });

  test("makes none for who does not have the key", async () => {
    await start();
    const key = readFileSync(join(folder, "encryption.key"));
    writeFileSync(join(folder, "encryption.key"), newVaultKey());
    await expect(makeToken(env, "thief")).rejects.toThrow(/refused/);
    writeFileSync(join(folder, "encryption.key"), key);
  });

  test("prints the token and nothing else, and says how it is called", async () => {
    const good = await run(["server/token.ts", "--name", "ci"], env);
    expect(good.out).toMatch(/^fc_[\w-]+\n$/);
    expect(good.code).toBe(0);
    const bad = await run(["server/token.ts"], env);
    expect(bad).toMatchObject({ code: 1, out: "", err: expect.stringContaining("npm run token -- --name") });
    const odd = await run(["server/token.ts", "--nam", "x"], env);
    expect(odd).toMatchObject({ code: 1, out: "" });
    expect(odd.err).toContain("There is no flag --nam");
    expect(odd.err).not.toMatch(/^ +at /m);
    const help = await run(["server/token.ts", "--help"], env);
    expect(help).toMatchObject({ code: 0, out: expect.stringContaining("--name <text>"), err: "" });
    for (const args of [["--name"], ["--name", "--help"], ["--name", " "], ["--name", "ci", "more"]]) {
      const { code, out, err } = await run(["server/token.ts", ...args], env);
      expect([code, out, err], args.join(" ")).toEqual([1, "", expect.stringContaining("npm run token --")]);
    }
  });
});

describe("the process", () => {
  test("says where to go, and ends with 0 when it is told to", async () => {
    const child = spawn(process.execPath, ["server/boot.js"], { env: { ...process.env, ...env } });
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    let out = "";
    for await (const chunk of child.stdout) {
      out += chunk;
      if (out.includes("Ctrl-C")) break;
    }
    expect(out).toMatch(/Open {4}http:\/\/localhost:\d+ {2}and create the owner/);
    expect(out).toContain(folder);
    const port = Number(/localhost:(\d+)/.exec(out)?.[1]);
    const idle = connect(port, "127.0.0.1");
    idle.on("error", () => {});
    await new Promise<void>((resolve) => idle.once("connect", resolve));
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    idle.destroy();
  });

  test("says in a sentence why it does not start", async () => {
    const { code, err, out } = await run(["server/boot.js"], { ...env, LOG_LEVEL: "loud" });
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(err).toContain("LOG_LEVEL is “loud”");
    expect(err).not.toMatch(/^ +at /m);
  });
});

function run(args: string[], more: Record<string, string>) {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...more } });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, out, err })),
  );
}

test("what happened is counted, shown on the health page and to a Prometheus with its token, and outlives a restart", async () => {
  const METRICS_TOKEN = "a-token-of-prometheus-alone";
  const owner = { OWNER_EMAIL: "ada@example.com", OWNER_PASSWORD: "a long password" };
  const first = await start({ METRICS_TOKEN, ...owner });
  const apiToken = await makeToken(env, "test");
  const api = { authorization: `Bearer ${apiToken}` };
  const made = await sendTo(`${first.url}/api/flows`, "POST", { body: { name: "Orders" }, headers: api });
  const { id, catchUrl } = made.body as { id: string; catchUrl: string };
  expect((await sendTo(`${first.url}/api/flows/${id}/publish`, "POST", { headers: api })).status).toBe(200);
  const { port } = new URL(first.url);
  const caught = await sendTo(`http://localhost:${port}${new URL(catchUrl).pathname}`, "POST", { body: {} });
  expect(caught.status).toBe(202);
  const asked = { headers: { authorization: `Bearer ${METRICS_TOKEN}` } };
  const metrics = await sendTo(`${first.url}/metrics`, "GET", asked);
  expect(metrics.text).toContain('flowcatch_events_accepted_total{source="webhook"} 1');
  expect(metrics.text).toMatch(/^flowcatch_commit_writes_count [1-9]/m);
  await stop();
  const second = await start();
  const health = await sendTo(`${second.url}/api/health`, "GET", { headers: api });
  expect(health.body).toMatchObject({ store: "SQLite", lastDay: { accepted: 1 } });
  expect((health.body as { disk: { databaseBytes: number } }).disk.databaseBytes).toBeGreaterThan(4_096);
  expect((await sendTo(`${second.url}/metrics`, "GET", asked)).status).toBe(401);
});
