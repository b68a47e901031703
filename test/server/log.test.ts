// What must not be in a log is not in it.

import { expect, test } from "vitest";
import { createLog, maskCatchKeys } from "../../server/log.ts";
import type { RunView } from "../../shared/api-views.ts";
import { startTestApp } from "../kit/app.ts";
import { liveFlow } from "../kit/flows.ts";

function logged(human: boolean, about: object, message = "something happened"): string {
  const lines: string[] = [];
  createLog({ level: "debug", human, write: (line) => lines.push(line) }).info(about, message);
  return lines.join("");
}

test.each([true, false])("values under telling names are hidden at every depth (human: %s)", (human) => {
  const text = logged(human, {
    authorization: "Bearer CANARY",
    request: { headers: { cookie: "CANARY", "set-cookie": "CANARY", "x-api-key": "CANARY" } },
    fields: [{ password: "CANARY", botToken: "CANARY", clientSecret: "CANARY" }],
    runId: "run_1",
  });
  expect(text).not.toContain("CANARY");
  expect(text).toContain("run_1");
});

test("an error keeps its story and loses what clients hang on it", () => {
  const error = Object.assign(new Error("it broke", { cause: new Error("the disk") }), {
    code: "E1",
    config: { headers: "CANARY" },
    request: "CANARY",
    response: { data: "CANARY" },
  });
  const text = logged(false, { err: error });
  expect(text).not.toContain("CANARY");
  for (const part of ["it broke", "E1", "the disk", "log.test.ts"]) expect(text).toContain(part);
});

test("catch keys are masked wherever they stand", () => {
  const key = "abcdEFGHijklMNOPqrstUVWXyz012345";
  const text = logged(true, { url: `/catch/${key}` }, `POST http://localhost/catch/${key}/runs/run_1`);
  expect(text).not.toContain("EFGH");
  expect(text).toContain("/catch/abcd…/runs/run_1");
  expect(maskCatchKeys("no key here")).toBe("no key here");
});

test("for people it is one line, with the stack of an error below", () => {
  const text = logged(true, { err: new Error("it broke"), n: 1 });
  expect(text.split("\n")[0]).toMatch(/^\d\d:\d\d:\d\d info {2}something happened .*err=it broke.* n=1$/);
  expect(text).toContain("at ");
});

test("events leave no line at info, no secret in any line, and what goes wrong with a run names the run", async () => {
  const app = await startTestApp({
    worker: true,
    mayLogErrors: true,
    http: { send: () => Promise.reject(new Error("a defect of the connector")) },
  });
  try {
    const connection = await app.owner("POST", "/api/connections", {
      body: {
        connectorId: "http",
        name: "Shop",
        fields: { kind: "basic", user: "ada", password: "CANARY-password" },
      },
    });
    expect(connection.status).toBe(201);
    const { id: connectionId } = connection.body as { id: string };
    const good = await liveFlow(app);
    const bad = await liveFlow(app, {
      ask: {
        uses: "http.request",
        input: { method: "GET", url: "https://example.com/", bodyType: "none" },
        connectionId,
      },
    });
    app.logged.splice(0);
    const runs: string[] = [];
    for (const flow of [good, bad]) {
      const path = new URL(flow.catchUrl).pathname;
      const caught = await app.anonymous("POST", `${path}?token=CANARY-query`, {
        body: { card: "CANARY-body" },
        headers: { authorization: "Bearer CANARY-header", "x-api-key": "CANARY-key" },
      });
      runs.push((caught.body as { runId: string }).runId);
    }
    const ended = async (id = "") => (await app.owner("GET", `/api/runs/${id}`)).body as RunView;
    await expect.poll(async () => (await ended(runs[0])).status).toBe("succeeded");
    await expect.poll(async () => (await ended(runs[1])).status).toBe("failed");
    const lines = app.logged.filter((line) => !line.includes('"level":"debug"'));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "{}")).toMatchObject({
      level: "error",
      runId: runs[1],
      uses: "http.request",
    });
    const everything = app.logged.join("");
    expect(everything).not.toContain("CANARY");
    for (const { catchUrl } of [good, bad]) expect(everything).not.toContain(catchUrl.slice(-24));
    for (const secret of [app.token, app.cookie.split("=")[1] ?? ""])
      expect(everything).not.toContain(secret);
  } finally {
    await app.close();
  }
});
