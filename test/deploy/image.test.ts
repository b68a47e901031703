// What the Dockerfile makes, built by its own commands in an empty folder, is a server that catches events.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { signIn } from "../kit/api.ts";
import { graph } from "../kit/graph.ts";
import { freePort } from "../kit/port.ts";
import { OWNER } from "../kit/process.ts";
import { type HttpTarget, startHttpTarget } from "../kit/targets.ts";
import { buildImage, type Image, weightOf } from "./dockerfile.ts";

const CONTEXT = resolve(import.meta.dirname, "../..");
const IMAGE_MS = 900_000;

let scratch: string;
let target: HttpTarget;
let server: ChildProcess | undefined;

beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), "flowcatch-image-"));
  target = await startHttpTarget();
});
afterEach(async () => {
  if (server && server.exitCode === null) {
    server.kill("SIGKILL");
    await once(server, "exit");
  }
  await target.close();
  rmSync(scratch, { recursive: true, force: true });
});

test(
  "the image runs without npm's Node, catches an event, says that it is well, and ends when it is told to",
  async () => {
    const image = await buildImage(CONTEXT, scratch);
    expectOnlyWhatRuns(image);

    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const settings = {
      PORT: String(port),
      PUBLIC_URL: url,
      OWNER_EMAIL: OWNER.email,
      OWNER_PASSWORD: OWNER.password,
      ALLOW_NETWORKS: "127.0.0.0/8",
    };
    expect(await exitOf(start(image, image.healthcheck, settings))).toBe(1);

    server = start(image, image.command, settings);
    const ended = exitOf(server);
    await untilReady(url, ended);
    expect(await exitOf(start(image, image.healthcheck, settings))).toBe(0);
    for (const path of ["/healthz", "/readyz"])
      expect(await (await fetch(`${url}${path}`)).json(), path).toMatchObject({ ok: true });
    expect(await (await fetch(url)).text()).toContain('id="root"');

    const client = await signIn(url, OWNER.email, OWNER.password);
    const { id } = await client("createFlow", {
      body: {
        name: "In the image",
        graph: graph("trigger -> tell", {
          tell: {
            uses: "http.request",
            input: { method: "POST", url: target.url, bodyType: "json", json: { n: "{{trigger.body.n}}" } },
          },
        }),
      },
    });
    const { catchUrl } = await client("publishFlow", { params: { id }, body: {} });
    const caught = await fetch(catchUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"n":42}',
    });
    expect(caught.status).toBe(202);
    await expect
      .poll(() => target.requests.map(({ json }) => json), { timeout: 20_000 })
      .toEqual([{ n: 42 }]);

    expect(existsSync(join(image.root, "data/flowcatch.db"))).toBe(true);
    const token = await outputOf(start(image, ["node", "server/token.ts", "--name", "ci"], settings, "pipe"));
    const answer = await fetch(`${url}/api/flows`, { headers: { authorization: `Bearer ${token.trim()}` } });
    expect(answer.status).toBe(200);

    expect(image.stopSignal).toBe("SIGTERM");
    server.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(await exitOf(start(image, image.healthcheck, settings))).toBe(1);
  },
  IMAGE_MS,
);

function expectOnlyWhatRuns({ root, workdir }: Image): void {
  expect(readdirSync(root).sort()).toEqual(["app", "data", "usr"]);
  expect(readdirSync(join(root, "usr/local/bin"))).toEqual(["node"]);
  expect(readdirSync(workdir).sort()).toEqual([
    "client",
    "node_modules",
    "package-lock.json",
    "package.json",
    "server",
    "shared",
  ]);
  expect(readdirSync(join(workdir, "client"))).toEqual(["dist"]);
  const packages = join(workdir, "node_modules");
  for (const name of ["vite", "react", "vitest"]) expect(existsSync(join(packages, name)), name).toBe(false);
  expect(existsSync(join(packages, "node/bin/node"))).toBe(false);
  // what was compiled at the build, and nothing of the start that compiled it
  expect(readdirSync(join(packages, ".cache"))).toEqual(["compiled"]);
  // a folder for each set of V8's flags: a thread can have others than the process
  const compiled = readdirSync(join(packages, ".cache/compiled"));
  expect(compiled).toContainEqual(expect.stringContaining(process.version));
  for (const folder of compiled) expect(folder).toContain(process.version);
  const files = readdirSync(packages, { recursive: true, encoding: "utf8" });
  expect(files.filter((file) => /\.(map|[cm]?ts)$|(^|\/)(test|README\.md)$/i.test(file))).toEqual([]);
  expect(files).toEqual(expect.arrayContaining(["express/LICENSE", "mongodb/LICENSE.md"]));
  expect(DEBIAN_MB + statSync(process.execPath).size / 1e6 + weightOf(root)).toBeLessThan(250);
}

/** What debian:trixie-slim takes when it is unpacked: as published, because it cannot be pulled here. */
const DEBIAN_MB = 79;

function start(
  image: Image,
  [program = "", ...rest]: string[],
  settings: Record<string, string>,
  output: "ignore" | "pipe" = "ignore",
): ChildProcess {
  const stdio = ["ignore", output, "ignore"] as const;
  return spawn(program, rest, { cwd: image.workdir, env: image.environment(settings), stdio: [...stdio] });
}

async function outputOf(child: ChildProcess): Promise<string> {
  let output = "";
  child.stdout?.on("data", (chunk) => {
    output += chunk;
  });
  await once(child, "close");
  return output;
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  await once(child, "exit");
  return child.exitCode;
}

async function untilReady(url: string, ended: Promise<number | null>): Promise<void> {
  let code: number | null | undefined;
  void ended.then((exit) => {
    code = exit;
  });
  for (let tries = 0; code === undefined && tries < 1_200; tries++) {
    const ready = await fetch(`${url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resume) => setTimeout(resume, 50));
  }
  throw new Error(code === undefined ? "It was never ready." : `It ended at once, with ${code}.`);
}
