// A flow goes into a file without its secrets, and comes out of it whole; what is no such file is told so.

import { describe, expect, test } from "vitest";
import { CatchSettings, DEFAULT_CATCH_SETTINGS } from "../../shared/catching.ts";
import {
  connectionsOf,
  type FlowFile,
  flowFileName,
  flowFileText,
  graphOf,
  MAX_FILE_BYTES,
  readFlowFile,
  toFlowFile,
} from "../../shared/flow-file.ts";
import type { Graph } from "../../shared/graph.ts";
import { graph } from "../kit/graph.ts";

const made = graph("trigger -> mail -> team -> alert -> call", {
  mail: { uses: "email.send", connectionId: "con_mail", input: { to: ["{{trigger.body.email}}"] } },
  team: { uses: "slack.sendMessage", connectionId: "con_team", name: "Tell the team" },
  alert: { uses: "slack.sendMessage", connectionId: "con_team", name: "Alert" },
  call: { uses: "slack.sendMessage", connectionId: "con_other" },
});

function read(text: string): FlowFile {
  const result = readFlowFile(text);
  if (!result.ok) throw new Error(`${result.problem.sentence} ${result.problem.hint}`);
  return result.file;
}

function problemOf(data: unknown) {
  const result = readFlowFile(typeof data === "string" ? data : JSON.stringify(data));
  if (result.ok) throw new Error("it was read");
  return result.problem;
}

describe("a flow in a file", () => {
  const text = flowFileText(toFlowFile({ name: "Orders → Slack", graph: made, notes: "For the shop." }).file);

  test("has no id of a connection, and says which connectors need one", () => {
    expect(text).not.toContain("con_");
    expect(connectionsOf(read(text))).toEqual([
      { placeholder: "email-1", connector: "email", steps: ["mail"] },
      { placeholder: "slack-1", connector: "slack", steps: ["Tell the team", "Alert"] },
      { placeholder: "slack-2", connector: "slack", steps: ["call"] },
    ]);
  });

  test("comes out whole with the connections that are chosen for it", () => {
    const file = read(text);
    expect(file).toMatchObject({ flowcatch: 1, name: "Orders → Slack", notes: "For the shop." });
    const chosen = new Map([
      ["email-1", "con_mail"],
      ["slack-1", "con_team"],
      ["slack-2", "con_other"],
    ]);
    expect(graphOf(file, chosen)).toEqual(made);
  });

  test("comes out without a connection where none is chosen", () => {
    const { steps } = graphOf(read(text), new Map([["slack-1", "con_x"]]));
    expect(Object.values(steps).map((step) => step.connectionId)).toEqual([
      undefined,
      undefined,
      "con_x",
      "con_x",
      undefined,
    ]);
    expect(Object.hasOwn(steps.mail ?? {}, "connectionId")).toBe(false);
  });

  test("keeps sticky notes", () => {
    const note = {
      id: "n1",
      text: "Mind the gap",
      at: { x: 0, y: 0 },
      width: 200,
      height: 90,
      color: "blue" as const,
    };
    const noted: Graph = { ...made, notes: { n1: note } };
    expect(read(flowFileText(toFlowFile({ name: "N", graph: noted }).file)).graph.notes).toEqual({
      n1: note,
    });
  });

  test.each([
    ["Order paid → e-mail", "order-paid-e-mail.flowcatch.json"],
    ["Grüße / ../../etc/passwd", "gru-e-etc-passwd.flowcatch.json"],
    ["订单", "flow.flowcatch.json"],
  ])("of %s is called %s", (name, file) => {
    expect(flowFileName(name)).toBe(file);
  });
});

describe("secrets that somebody typed into a step", () => {
  const input = {
    url: "https://ada:hunter2@api.example.com/x?api_key=k-123456&page=2&token={{trigger.body.token}}",
    headers: [
      { name: "Authorization", value: "Bearer sk-live-1" },
      { name: "X-Token", value: "Bearer {{trigger.headers.x-token}}" },
      { name: "Accept", value: "text/plain" },
    ],
    json: {
      client_secret: "s3cret",
      hook: "https://hooks.slack.com/services/T0/B0/XYZ",
      nested: [{ password: "p4ss" }],
    },
    text: "The token is none of your business.",
    tokenLimit: 5,
    signed: `{{trigger.body.id | hmac_sha256: "s1gn\\"ing" | upper}} and {{trigger.id | hmac_sha1: 'x1y2z3'}}`,
  };
  const { file, leftOut } = toFlowFile({
    name: "Leaky",
    graph: graph("trigger -> a", { a: { uses: "http.request", name: "Call", input } }),
  });

  test("stay behind, and the rest comes along", () => {
    const text = flowFileText(file);
    for (const secret of ["hunter2", "k-123456", "sk-live-1", "s3cret", "XYZ", "p4ss", "s1gn", "x1y2z3"]) {
      expect(text).not.toContain(secret);
    }
    expect(file.graph.steps.a?.input).toEqual({
      url: "https://api.example.com/x?api_key=&page=2&token={{trigger.body.token}}",
      headers: [
        { name: "Authorization", value: "" },
        { name: "X-Token", value: "Bearer {{trigger.headers.x-token}}" },
        { name: "Accept", value: "text/plain" },
      ],
      json: { client_secret: "", hook: "", nested: [{ password: "" }] },
      text: "The token is none of your business.",
      tokenLimit: 5,
      signed: `{{trigger.body.id | hmac_sha256: "" | upper}} and {{trigger.id | hmac_sha1: ""}}`,
    });
  });

  test("are told by their places, not by their values", () => {
    expect(leftOut).toEqual([
      "“Call”, the sign-in within the address",
      "“Call”, “api_key” within the address",
      "“Call”, “Authorization”",
      "“Call”, “client_secret”",
      "“Call”, a secret address",
      "“Call”, “password”",
      "“Call”, the secret of a signature",
    ]);
    expect(leftOut.join()).not.toMatch(/hunter2|k-123456|sk-live|s3cret|p4ss/);
  });
});

describe("what is no flow file", () => {
  const good = toFlowFile({ name: "Good", graph: made }).file;
  const withSteps = (steps: string) => `{"flowcatch":1,"name":"x","graph":{"steps":${steps},"edges":{}}}`;

  test.each<[string, unknown, string]>([
    ["nothing", "", "flow-file-invalid"],
    ["no JSON", "{flowcatch: 1}", "flow-file-invalid"],
    ["a picture", "\u0089PNG\r\n\u001a\n", "flow-file-invalid"],
    ["null", null, "flow-file-invalid"],
    ["a list", [good], "flow-file-invalid"],
    ["JSON of something else", { nodes: [], connections: {} }, "flow-file-invalid"],
    ["a format only in its prototype", '{"__proto__":{"flowcatch":1,"name":"x"}}', "flow-file-invalid"],
    ["a later format", { ...good, flowcatch: 2, more: true }, "flow-file-newer"],
    ["a strange format", { ...good, flowcatch: "1" }, "flow-file-invalid"],
    ["an older format", { ...good, flowcatch: 0 }, "flow-file-invalid"],
    ["no name", { ...good, name: "   " }, "flow-file-invalid"],
    ["a long name", { ...good, name: "x".repeat(201) }, "flow-file-invalid"],
    ["something more", { ...good, status: "live" }, "flow-file-invalid"],
    ["no graph", { flowcatch: 1, name: "x" }, "flow-file-invalid"],
    ["a connection out of nowhere", { ...good, connections: {} }, "flow-file-invalid"],
    [
      "a real connection's id",
      { ...good, connections: { con_team: { connector: "slack" } } },
      "flow-file-invalid",
    ],
    [
      "a connection of another connector",
      { ...good, connections: { ...good.connections, "email-1": { connector: "http" } } },
      "flow-file-invalid",
    ],
    [
      "a step called __proto__",
      withSteps('{"__proto__":{"id":"__proto__","uses":"a.b","name":"x","input":{},"at":{"x":0,"y":0}}}'),
      "flow-file-invalid",
    ],
    [
      "a step under another id",
      withSteps('{"a":{"id":"b","uses":"a.b","name":"x","input":{},"at":{"x":0,"y":0}}}'),
      "flow-file-invalid",
    ],
    [
      "a step without a place",
      withSteps('{"a":{"id":"a","uses":"a.b","name":"x","input":{}}}'),
      "flow-file-invalid",
    ],
    [
      "too many steps",
      { ...good, graph: graph(Array.from({ length: 502 }, (_, i) => `s${i}`).join(" -> ")) },
      "flow-file-invalid",
    ],
    [
      "too deep",
      `{"flowcatch":1,"name":"x","graph":${"[".repeat(50_000)}${"]".repeat(50_000)}}`,
      "flow-file-invalid",
    ],
    ["huge", " ".repeat(MAX_FILE_BYTES + 1), "flow-file-too-large"],
  ])("%s is refused", (_, data, code) => {
    const problem = problemOf(data);
    expect(problem.code).toBe(code);
    expect(problem.sentence).toMatch(/\.$/);
    expect(problem.hint).not.toBe("");
    expect(problem.hint?.length).toBeLessThan(400);
  });

  test("leaves no trace on what all objects share", () => {
    readFlowFile('{"flowcatch":1,"name":"x","__proto__":{"polluted":true},"graph":{"steps":{},"edges":{}}}');
    read(
      withSteps(
        '{"a":{"id":"a","uses":"http.request","name":"x","input":{"__proto__":{"polluted":true}},"at":{"x":0,"y":0}}}',
      ),
    );
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });
});

test("a file with a byte order mark is read", () => {
  expect(read(`\uFEFF${flowFileText(toFlowFile({ name: "B", graph: made }).file)}`).name).toBe("B");
});

describe("how the catch URL catches", () => {
  const settings = CatchSettings.parse({
    verification: { kind: "preset", preset: "meta", settings: { verifyToken: "agreed-on" } },
    maxBytes: 5_000,
    answer: { when: "fixed", status: 201, headers: { "x-shop": "ok", "x-api-key": "k-12345" } },
  });

  test("goes along where it was changed, and comes out as it was", () => {
    const catching = CatchSettings.parse({ maxBytes: 5_000, oneAtATimeBy: "body.id" });
    const { file, leftOut } = toFlowFile({ name: "N", graph: made, catching });
    expect(read(flowFileText(file)).catching).toEqual(catching);
    expect(leftOut).toEqual([]);
    const asNew = toFlowFile({ name: "N", graph: made, catching: DEFAULT_CATCH_SETTINGS });
    expect(asNew.file).not.toHaveProperty("catching");
    expect(read(flowFileText(asNew.file)).catching).toBeUndefined();
  });

  test("leaves behind what looks like a secret, and says so", () => {
    const { file, leftOut } = toFlowFile({ name: "N", graph: made, catching: settings });
    const text = flowFileText(file);
    expect(text).not.toMatch(/agreed-on|k-12345/);
    expect(leftOut).toEqual(["the catch URL, “verifyToken”", "the catch URL, “x-api-key”"]);
    expect(read(text).catching).toMatchObject({
      verification: { kind: "preset", preset: "meta", settings: { verifyToken: "" } },
      maxBytes: 5_000,
      answer: { headers: { "x-shop": "ok", "x-api-key": "" } },
    });
  });

  test("is refused with anything that it should not have", () => {
    const { file } = toFlowFile({ name: "N", graph: made, catching: settings });
    for (const wrong of [{ secrets: ["s"] }, { sealed: "x" }, { maxBytes: 0 }, { methods: [] }])
      expect(problemOf({ ...file, catching: { ...settings, ...wrong } }).code).toBe("flow-file-invalid");
  });
});
