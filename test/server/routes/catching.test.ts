// How a flow catches, through the API: what is refused by name, and that a secret never comes out again.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSecrets } from "../../../server/catch-seal.ts";
import type { Movement } from "../../../server/ports/bus.ts";
import type { CatchingView, FlowView } from "../../../shared/api-views.ts";
import { DEFAULT_CATCH_SETTINGS } from "../../../shared/catching.ts";
import type { WireProblem } from "../../../shared/problem.ts";
import { type Answer, startTestApp, type TestApp } from "../../kit/app.ts";
import { liveFlow } from "../../kit/flows.ts";

let app: TestApp;
let flow: FlowView;
beforeEach(async () => {
  app = await startTestApp({ settings: { retentionMs: 10 * 86_400_000 } });
  flow = await liveFlow(app);
});
afterEach(() => app.close());

const CANARY = "CANARY+s3cret/with&every=kind of%letter";
const NEVER_SENT = "another-secret-of-the-flow";
const STRIPE = { kind: "preset", preset: "stripe" };
const GITHUB = { kind: "preset", preset: "github" };

const at = (id = flow.id) => `/api/flows/${id}/catching`;
const get = (id?: string) => app.owner("GET", at(id));
const put = (settings: object, more: object = {}, id = flow.id) =>
  app.owner("PUT", at(id), { body: { settings, ...more } });
const view = (answer: Answer) => answer.body as CatchingView;
const fieldsOf = (answer: Answer) => (answer.body as WireProblem).problems?.map(({ field }) => field);

async function secretsOf(id = flow.id): Promise<string[]> {
  const [whole, catching] = await Promise.all([
    app.deps.store.flows.get(id),
    app.deps.store.flows.catching(id),
  ]);
  return whole && catching ? openSecrets(app.deps.vault, whole, catching) : [];
}

describe("the settings of a catch URL", () => {
  test("are those of every new flow until somebody changes them", async () => {
    expect(await get()).toMatchObject({ status: 200 });
    expect(view(await get())).toEqual({ settings: DEFAULT_CATCH_SETTINGS, secrets: 0, looksLike: null });
  });

  test("count at once, are kept whole, and whoever looks at the flow hears of it", async () => {
    const heard: Movement[] = [];
    app.deps.bus.subscribe((movement) => heard.push(movement));
    const settings = {
      verification: { kind: "header", header: "X-Shop-Token" },
      allowedAddresses: ["127.0.0.0/8", "2001:db8::/32"],
      methods: ["POST"],
      maxBytes: 5_000,
      dedupe: { by: "field", path: "order.id" },
      dedupeSeconds: 3_600,
      onlyIf: { rules: [{ left: "body.lines[0].sku", op: "exists" }] },
      splitList: { path: "" },
      answer: { when: "fixed", status: 201, headers: { "x-shop": "ok" }, body: "{{trigger.body.order.id}}" },
      cors: { allow: "some", origins: ["https://shop.example.com", "http://localhost:8080"] },
      oneAtATimeBy: "body.customer",
    };
    const answer = await put(settings, { secrets: ["a-token"] });
    expect(answer.status, answer.text).toBe(200);
    expect(view(answer).settings).toMatchObject({
      ...settings,
      verification: { kind: "header", header: "x-shop-token", bearer: false },
    });
    expect(view(answer).secrets).toBe(1);
    expect(view(await get())).toEqual(view(answer));
    await expect
      .poll(() => heard)
      .toContainEqual({ kind: "flow", workspaceId: "ws_default", flowId: flow.id });
    const path = new URL(flow.catchUrl).pathname;
    expect((await app.anonymous("POST", path, { body: {} })).status).toBe(401);
    expect((await app.anonymous("GET", path)).status).toBe(405);
  });

  test.each<[string, object, string]>([
    [
      "an unknown preset",
      { verification: { kind: "preset", preset: "acme" } },
      "settings.verification.preset",
    ],
    [
      "a setting that the preset does not have",
      { verification: { ...STRIPE, settings: { webhookId: "1" } } },
      "settings.verification.settings.webhookId",
    ],
    [
      "a preset without what it needs to know",
      { verification: { kind: "preset", preset: "paypal" } },
      "settings.verification.settings.webhookId",
    ],
    [
      "keys at an address that is not https",
      { verification: { kind: "jwt", key: "jwks", jwksUrl: "http://id.example.com/keys" } },
      "settings.verification.jwksUrl",
    ],
    [
      "an address of keys with a password in it",
      { verification: { kind: "jwt", key: "jwks", jwksUrl: "https://a:b@id.example.com/keys" } },
      "settings.verification.jwksUrl",
    ],
    [
      "a public key that is none",
      { verification: { kind: "jwt", key: "public-key", publicKey: "-----BEGIN PUBLIC KEY-----\nAAAA" } },
      "settings.verification.publicKey",
    ],
    [
      "a private key where a public one belongs",
      {
        verification: {
          kind: "jwt",
          key: "jwks",
          jwksUrl: "https://id.example.com/keys",
          publicKey: "-----BEGIN PRIVATE KEY-----",
        },
      },
      "settings.verification.publicKey",
    ],
    ["an address that is none", { allowedAddresses: ["10.0.0.0/33"] }, "settings.allowedAddresses"],
    ["more than the server takes", { maxBytes: 2 * 1024 * 1024 }, "settings.maxBytes"],
    ["a path with a hole", { dedupe: { by: "field", path: "order..id" } }, "settings.dedupe.path"],
    ["a path in braces", { dedupe: { by: "field", path: "{{order.id}}" } }, "settings.dedupe.path"],
    ["a header that is none", { dedupe: { by: "header", header: "x id" } }, "settings.dedupe.header"],
    ["a broken path of a list", { splitList: { path: "a..b" } }, "settings.splitList.path"],
    [
      "a condition that names no part of the request",
      { onlyIf: { rules: [{ left: "status", op: "exists" }] } },
      "settings.onlyIf.rules.0.left",
    ],
    ["a line by nothing", { oneAtATimeBy: "customer.id" }, "settings.oneAtATimeBy"],
    [
      "duplicates known for longer than runs are kept",
      { dedupe: { by: "body" }, dedupeSeconds: 11 * 86_400 },
      "settings.dedupeSeconds",
    ],
    [
      "a template that cannot be read",
      { answer: { when: "fixed", status: 200, body: "{{trigger." } },
      "settings.answer.body",
    ],
    [
      "an answer made of a step",
      { answer: { when: "fixed", status: 200, body: "{{set.a}}" } },
      "settings.answer.body",
    ],
    ...[
      "Set-Cookie",
      "Connection",
      "Transfer-Encoding",
      "te",
      "Upgrade",
      "Content-Length",
      "Access-Control-Allow-Origin",
    ].map((name): [string, object, string] => [
      `an answer with ${name}`,
      { answer: { when: "fixed", status: 200, headers: { [name]: "x" } } },
      `settings.answer.headers.${name}`,
    ]),
    [
      "an answer with a line break in a header",
      { answer: { when: "fixed", status: 200, headers: { "x-a": "1\r\nset-cookie: a=b" } } },
      "settings.answer.headers.x-a",
    ],
    [
      "an answer with a line break in a header's name",
      { answer: { when: "fixed", status: 200, headers: { "x-a\nx-b": "1" } } },
      "settings.answer.headers.x-a\nx-b",
    ],
    [
      "an origin with a path",
      { cors: { allow: "some", origins: ["https://shop.example.com/"] } },
      "settings.cors.origins.0",
    ],
    [
      "an origin that is none",
      { cors: { allow: "some", origins: ["shop.example.com"] } },
      "settings.cors.origins.0",
    ],
  ])("are refused with %s, and nothing changes", async (_, settings, field) => {
    const answer = await put(settings);
    expect(answer).toMatchObject({ status: 422, body: { code: "catching-invalid" } });
    expect(fieldsOf(answer)).toContain(field);
    expect(await app.deps.store.flows.catching(flow.id)).toBeNull();
  });

  test("are refused with every problem at once", async () => {
    const answer = await put({
      verification: { kind: "preset", preset: "acme" },
      maxBytes: 1e9,
      oneAtATimeBy: "x",
    });
    expect(fieldsOf(answer)).toEqual([
      "settings.verification.preset",
      "settings.maxBytes",
      "settings.oneAtATimeBy",
      "secrets",
    ]);
  });

  test("keep duplicates for as long as runs at most, but only where duplicates are told", async () => {
    expect((await put({ dedupe: { by: "none" }, dedupeSeconds: 11 * 86_400 })).status).toBe(200);
    expect((await put({ dedupe: { by: "preset" }, dedupeSeconds: 11 * 86_400 })).status).toBe(200);
    const stripe = { verification: STRIPE, dedupe: { by: "preset" }, dedupeSeconds: 11 * 86_400 };
    expect(fieldsOf(await put(stripe, { secrets: ["s"] }))).toEqual(["settings.dedupeSeconds"]);
  });

  const SCHEME = {
    signature: { in: "header", name: "x-signature" },
    layout: { kind: "plain" },
    algorithm: "hmac-sha256",
    encoding: "hex",
    key: "text",
    signed: ["body"],
    timestamp: null,
    timestampUnit: "s",
    toleranceSeconds: null,
    id: null,
  };

  test.each<[string, object, string]>([
    ["that signs nothing of the request", { signed: [{ text: "hello" }] }, "signed"],
    ["of a plain hash without the secret in it", { algorithm: "sha256" }, "signed"],
    ["that signs a time it does not have", { signed: ["timestamp", "body"] }, "timestamp"],
    ["that checks a time it does not have", { toleranceSeconds: 300 }, "timestamp"],
    ["that signs an id it does not have", { signed: ["id", "body"] }, "id"],
    ["whose signature is in itself", { signature: { in: "signature", name: "v1" } }, "signature"],
    [
      "whose time is in a header that has no parts",
      { signed: ["timestamp", "body"], timestamp: { in: "signature", name: "t" } },
      "layout",
    ],
    ["with a broken path", { id: { in: "body", path: "a..b" } }, "id.path"],
  ])("refuse a signature %s", async (_, change, field) => {
    const verification = { kind: "signature", scheme: { ...SCHEME, ...change } };
    const answer = await put({ verification }, { secrets: ["a key"] });
    expect(answer.status).toBe(422);
    expect(fieldsOf(answer)).toContain(`settings.verification.scheme.${field}`);
  });

  test.each([
    ["hex", "not hex at all"],
    ["base64", "***"],
    ["whsec", "whsec_***"],
  ])("refuse a key that is no %s", async (key, secret) => {
    const verification = { kind: "signature", scheme: { ...SCHEME, key } };
    const answer = await put({ verification }, { secrets: [secret] });
    expect(fieldsOf(answer)).toEqual(["secrets.0"]);
    expect(answer.text).not.toContain(secret);
  });
});

describe("the secrets of a catch URL", () => {
  test.each<[string, object]>([
    ["a password", { kind: "basic", user: "shop" }],
    ["a header's value", { kind: "header", header: "x-token" }],
    ["a parameter's value", { kind: "query", parameter: "key" }],
    ["the key of tokens", { kind: "jwt", key: "secret" }],
    ["a sender's secret", STRIPE],
  ])("have to be there: %s", async (_, verification) => {
    for (const more of [{}, { secrets: [] }]) {
      const answer = await put({ verification }, more);
      expect(answer.status).toBe(422);
      expect(fieldsOf(answer)).toEqual(["secrets"]);
    }
    expect((await put({ verification }, { secrets: ["a-secret"] })).status).toBe(200);
  });

  test("stay when they are left out, and can be replaced and joined by others", async () => {
    await put({ verification: STRIPE }, { secrets: ["first"] });
    expect(view(await put({ verification: STRIPE, maxBytes: 9 })).secrets).toBe(1);
    expect(await secretsOf()).toEqual(["first"]);
    expect(view(await put({ verification: STRIPE }, { addSecrets: ["second"] })).secrets).toBe(2);
    expect(await secretsOf()).toEqual(["first", "second"]);
    expect(view(await put({ verification: STRIPE }, { secrets: ["third"] })).secrets).toBe(1);
    expect(await secretsOf()).toEqual(["third"]);
  });

  test("are five at most", async () => {
    await put({ verification: STRIPE }, { secrets: ["a1", "b2", "c3", "d4"] });
    expect(fieldsOf(await put({ verification: STRIPE }, { addSecrets: ["e5", "f6"] }))).toEqual([
      "addSecrets",
    ]);
    expect(await secretsOf()).toHaveLength(4);
  });

  test("of one sender are never taken for another's", async () => {
    await put({ verification: STRIPE }, { secrets: ["of stripe"] });
    for (const verification of [
      GITHUB,
      { kind: "header", header: "x-token" },
      { kind: "jwt", key: "secret" },
    ]) {
      expect(fieldsOf(await put({ verification }))).toEqual(["secrets"]);
    }
    expect(view(await get()).settings.verification).toMatchObject(STRIPE);
    expect(view(await put({ verification: GITHUB }, { addSecrets: ["of github"] })).secrets).toBe(1);
    expect(await secretsOf()).toEqual(["of github"]);
  });

  test("are gone with the verification that they were for", async () => {
    await put({ verification: STRIPE }, { secrets: ["of stripe"] });
    expect(view(await put({ verification: { kind: "none" } })).secrets).toBe(0);
    expect(await app.deps.store.flows.catching(flow.id)).toMatchObject({ sealed: null });
    expect(fieldsOf(await put({ verification: STRIPE }))).toEqual(["secrets"]);
  });

  test("are refused where there is none, and with a space at the end", async () => {
    expect(fieldsOf(await put({ verification: { kind: "none" } }, { secrets: ["x"] }))).toEqual(["secrets"]);
    expect(fieldsOf(await put({ verification: GITHUB }, { secrets: ["good", "pasted\n"] }))).toEqual([
      "secrets.1",
    ]);
  });

  test("are sealed for their flow", async () => {
    await put({ verification: STRIPE }, { secrets: [CANARY] });
    const [stored, mine] = [
      await app.deps.store.flows.catching(flow.id),
      await app.deps.store.flows.get(flow.id),
    ];
    if (!stored || !mine) throw new Error("nothing is stored");
    expect(JSON.stringify(stored)).not.toContain("CANARY");
    expect(() => openSecrets(app.deps.vault, { ...mine, id: "flow_other" }, stored)).toThrow();
  });
});

test("a secret comes out of nothing: no answer, no log line, no file", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "catching-"));
  await app.close();
  app = await startTestApp({ dataDir });
  flow = await liveFlow(app);
  const answers: Answer[] = [];
  const note = async (answer: Promise<Answer>) => {
    answers.push(await answer);
    return answer;
  };
  const header = { verification: { kind: "header", header: "x-shop-key" } };
  await note(put(header, { secrets: [CANARY, NEVER_SENT] }));
  const path = new URL(flow.catchUrl).pathname;
  // in its header, where nobody expects it, and in a body
  const sent = { headers: { "x-shop-key": CANARY, "x-other": `a ${CANARY}` }, body: { note: CANARY, n: 1 } };
  const taken = await app.anonymous("POST", `${path}?also=${encodeURIComponent(CANARY)}`, sent);
  expect(taken.status, taken.text).toBe(202);
  const { runId } = taken.body as { runId: string };
  await app.anonymous("POST", path, { headers: { "x-shop-key": `${CANARY}!` }, body: { note: CANARY } });
  const refusal = await app.owner("GET", "/api/deliveries?verdict=refused");
  const [refused] = (refusal.body as { items: { id: string }[] }).items;
  await note(put({ ...header, maxBytes: 0 }, { secrets: [CANARY, NEVER_SENT] }));
  await note(put({ verification: GITHUB, maxBytes: 1e12 }, { secrets: [CANARY, `${CANARY} `] }));
  for (const id of [runId, refused?.id]) {
    await note(app.owner("GET", `/api/deliveries/${id}`));
    await note(app.owner("POST", `/api/deliveries/${id}/sample`));
    await note(app.owner("POST", `/api/deliveries/${id}/run`, { body: {} }));
  }
  for (const of of ["", "/catching", "/samples", "/versions"])
    await note(app.owner("GET", `/api/flows/${flow.id}${of}`));
  const copy = await note(app.owner("POST", `/api/flows/${flow.id}/duplicate`));
  await note(get((copy.body as FlowView).id));
  for (const of of ["flows", "runs", `runs/${runId}`, "deliveries", "health"])
    await note(app.owner("GET", `/api/${of}`));
  await note(app.owner("POST", `/api/flows/${flow.id}/send-sample`, { body: { preset: "stripe" } }));
  expect(answers.filter(({ status }) => status === 200 || status === 201).length).toBeGreaterThan(12);
  const spellings = [
    "CANARY",
    encodeURIComponent(CANARY),
    Buffer.from(CANARY).toString("base64"),
    Buffer.from("CANARY+s3cr").toString("base64"),
    ...[0, 1, 2].map((lead) =>
      Buffer.from(`${"x".repeat(lead)}CANARY+s3cret`)
        .toString("base64")
        .slice(4, 14),
    ),
  ];
  for (const { text } of answers)
    for (const spelling of spellings) expect(text, text.slice(0, 300)).not.toContain(spelling);
  expect(answers.map(({ text }) => text).join("")).not.toContain(NEVER_SENT);
  expect(app.logged.join("")).not.toMatch(new RegExp(`CANARY|${NEVER_SENT}`));
  await app.close();
  // A body is kept as it came; what nobody sent stands in no file.
  const files = readdirSync(dataDir).map((name) => readFileSync(join(dataDir, name), "latin1"));
  expect(files.join("")).toContain("x-shop-key");
  expect(files.join("")).not.toContain(NEVER_SENT);
  rmSync(dataDir, { recursive: true });
  app = await startTestApp();
});

describe("whom the deliveries look like", () => {
  const path = () => new URL(flow.catchUrl).pathname;
  const hook = {
    headers: { "x-github-event": "push", "x-github-delivery": "1", "x-hub-signature-256": "sha256=00" },
    body: {},
  };

  test("is said while nobody verifies them, or somebody else", async () => {
    for (let n = 0; n < 3; n++) await app.anonymous("POST", path(), hook);
    expect(view(await get()).looksLike).toMatchObject({ preset: "github", name: "GitHub", deliveries: 3 });
    await put({ verification: STRIPE }, { secrets: ["s"] });
    await app.anonymous("POST", path(), hook);
    expect(view(await get()).looksLike).toMatchObject({ preset: "github", deliveries: 4 });
    await put({ verification: GITHUB }, { secrets: ["s"] });
    expect(view(await get()).looksLike).toBeNull();
    await put({ verification: { kind: "header", header: "x-token" } }, { secrets: ["s"] });
    expect(view(await get()).looksLike).toBeNull();
  });

  test("is not said of another flow's", async () => {
    await app.anonymous("POST", path(), hook);
    const other = await liveFlow(app);
    expect(view(await get(other.id)).looksLike).toBeNull();
  });
});

describe("a copy of a flow", () => {
  test("catches like it, but for the secrets, and lets nobody in until it has its own", async () => {
    await put({ verification: STRIPE, maxBytes: 77 }, { secrets: [CANARY] });
    const copy = (await app.owner("POST", `/api/flows/${flow.id}/duplicate`)).body as FlowView;
    expect(view(await get(copy.id))).toMatchObject({
      settings: { verification: STRIPE, maxBytes: 77 },
      secrets: 0,
    });
    await app.owner("POST", `/api/flows/${copy.id}/publish`, { body: {} });
    const answer = await app.anonymous("POST", new URL(copy.catchUrl).pathname, { body: {} });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).not.toBe(404);
    const runs = (await app.owner("GET", `/api/runs?flowId=${copy.id}`)).body;
    expect(runs).toMatchObject({ items: [] });
  });

  test("can be made with settings that still lack their secret, but not with wrong ones", async () => {
    const made = await app.owner("POST", "/api/flows", {
      body: { name: "Imported", catching: { verification: { kind: "preset", preset: "paypal" } } },
    });
    expect(made.status, made.text).toBe(201);
    const settings = { verification: { kind: "preset", preset: "paypal" } };
    expect(view(await get((made.body as FlowView).id))).toMatchObject({ settings, secrets: 0 });
    const wrong = await app.owner("POST", "/api/flows", {
      body: { name: "Wrong", catching: { verification: { kind: "preset", preset: "acme" } } },
    });
    expect(wrong).toMatchObject({ status: 422, body: { code: "catching-invalid" } });
    expect((await app.owner("GET", "/api/flows")).body).toMatchObject({ items: [{}, {}] });
  });
});

test("another workspace's catch URL does not exist", async () => {
  const mine = await app.deps.store.flows.get(flow.id);
  if (!mine) throw new Error("no flow");
  const theirs = { ...mine, id: "flow_theirs", workspaceId: "ws_other", catchKey: "k".repeat(32) };
  await app.deps.store.flows.insert(theirs);
  expect((await get("flow_theirs")).status).toBe(404);
  expect((await put({}, {}, "flow_theirs")).status).toBe(404);
  const sent = await app.owner("POST", "/api/flows/flow_theirs/send-sample", { body: { preset: "stripe" } });
  expect(sent.status).toBe(404);
  expect(await app.deps.store.flows.catching("flow_theirs")).toBeNull();
});
