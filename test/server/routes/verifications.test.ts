// The senders that are known, as the API lists them, and their samples, sent to a flow as they would send them.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ResponseOf } from "../../../shared/api.ts";
import type { DeliveryRowView, FlowView, RunView, VerificationView } from "../../../shared/api-views.ts";
import { VERIFICATION_PRESETS } from "../../../shared/verification-presets.ts";
import { startTestApp, type TestApp } from "../../kit/app.ts";
import { liveFlow } from "../../kit/flows.ts";

let app: TestApp;
let flow: FlowView;
beforeEach(async () => {
  app = await startTestApp();
  flow = await liveFlow(app);
});
afterEach(() => app.close());

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const expecting = async (preset: string, secrets: string[] = [SECRET]) => {
  const about = VERIFICATION_PRESETS.find(({ id }) => id === preset);
  const settings = Object.fromEntries((about?.settings ?? []).map(({ key }) => [key, "a text"]));
  const verification = { kind: "preset", preset, settings };
  const body = { settings: { verification }, secrets };
  const answer = await app.owner("PUT", `/api/flows/${flow.id}/catching`, { body });
  expect(answer.status, answer.text).toBe(200);
};
const send = (preset: string, event?: string) =>
  app.owner("POST", `/api/flows/${flow.id}/send-sample`, { body: { preset, event } });
const sent = async (preset: string, event?: string) => {
  const answer = await send(preset, event);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as ResponseOf<"sendSample">;
};
const runs = async () => ((await app.owner("GET", "/api/runs")).body as { items: { id: string }[] }).items;

describe("the list of senders", () => {
  const items = async () =>
    ((await app.owner("GET", "/api/verifications")).body as { items: VerificationView[] }).items;

  test("has every one, with how it signs and what can be sent as it", async () => {
    const all = await items();
    expect(all.map(({ id }) => id)).toEqual(VERIFICATION_PRESETS.map(({ id }) => id));
    for (const { name, samples, source } of all) {
      expect(samples.length, name).toBeGreaterThan(0);
      expect(source, name).toMatch(/^https:/);
    }
    expect(all.find(({ id }) => id === "stripe")).toMatchObject({
      header: "stripe-signature",
      signed: "timestamp.body",
      algorithm: "hmac-sha256",
      encoding: "hex",
      toleranceSeconds: 300,
      dedupe: "the body's id",
    });
    expect(all.find(({ id }) => id === "hubspot-v1")?.signed).toBe("secret + body");
    expect(all.find(({ id }) => id === "slack")?.signed).toBe("v0:timestamp:body");
    expect(all.find(({ id }) => id === "shopify")?.dedupe).toContain("together with x-shopify-topic");
    expect(all.find(({ id }) => id === "paypal")).toMatchObject({
      header: null,
      signed: null,
      needsSecret: false,
    });
  });
});

/** Those whose key is the provider's own. */
const OWN_KEY = ["discord", "sendgrid", "paypal"];

describe("a sample", () => {
  test.each(VERIFICATION_PRESETS.map(({ id }) => id).filter((id) => !OWN_KEY.includes(id)))(
    "of %s is signed with the flow's secret, and is let in",
    async (preset) => {
      await expecting(preset);
      const { status, runId, problem } = await sent(preset);
      expect({ status, problem }).toEqual({ status: 202, problem: null });
      const run = (await app.owner("GET", `/api/runs/${runId}`)).body as RunView;
      expect(run.event.data).toMatchObject({ method: "POST", body: expect.anything() });
      expect((await runs()).map(({ id }) => id)).toEqual([runId]);
    },
  );

  test("can be of any event of its sender, and is another one every time", async () => {
    await expecting("stripe");
    const all = (await app.owner("GET", "/api/verifications")).body as { items: VerificationView[] };
    const events = all.items.find(({ id }) => id === "stripe")?.samples.map(({ event }) => event) ?? [];
    expect(events.length).toBeGreaterThan(1);
    for (const event of [...events, ...events]) {
      const { runId } = await sent("stripe", event);
      const run = (await app.owner("GET", `/api/runs/${runId}`)).body as RunView;
      expect(run.event.data).toMatchObject({ body: { type: event } });
    }
    expect(await runs()).toHaveLength(events.length * 2);
  });

  test("comes unsigned where nobody verifies, and stands among the deliveries", async () => {
    const { status, runId } = await sent("github");
    expect(status).toBe(202);
    const rows = (await app.owner("GET", "/api/deliveries")).body as { items: DeliveryRowView[] };
    expect(rows.items).toMatchObject([{ id: runId, verdict: "accepted", method: "POST" }]);
    const run = (await app.owner("GET", `/api/runs/${runId}`)).body as RunView;
    expect(run.event.data).not.toMatchObject({ headers: { "x-hub-signature-256": expect.anything() } });
  });

  test("is signed with the first of several secrets", async () => {
    await expecting("stripe", ["whsec_new", "whsec_old"]);
    expect(await sent("stripe")).toMatchObject({ status: 202, problem: null });
  });

  test("goes the way of every other request: it can be refused", async () => {
    await app.owner("PUT", `/api/flows/${flow.id}/catching`, { body: { settings: { methods: ["GET"] } } });
    expect(await sent("github")).toMatchObject({
      status: 405,
      verdict: "refused",
      runId: null,
      problem: { code: "method-not-allowed" },
    });
    await app.owner("PUT", `/api/flows/${flow.id}/catching`, { body: { settings: {} } });
    await app.owner("POST", `/api/flows/${flow.id}/pause`);
    expect(await sent("github")).toMatchObject({
      status: 202,
      verdict: "asleep",
      runId: null,
      problem: { code: "flow-paused" },
    });
    expect(await runs()).toEqual([]);
  });

  test("tells what “only if” left out from a question that was answered", async () => {
    await expecting("slack");
    expect(await sent("slack", "url_verification")).toMatchObject({ status: 200, verdict: "handshake" });
    const onlyIf = { match: "all", rules: [{ left: "body.never", op: "exists" }] };
    const answer = await app.owner("PUT", `/api/flows/${flow.id}/catching`, {
      body: { settings: { onlyIf } },
    });
    expect(answer.status, answer.text).toBe(200);
    const left = { status: 200, verdict: "filtered", runId: null, problem: null };
    expect(await sent("github")).toEqual(left);
    const caught = await fetch(flow.catchUrl, { method: "POST", body: '{"a":1}' });
    expect(await caught.json()).toMatchObject({ filtered: true });
    expect(await runs()).toEqual([]);
  });

  test.each<[string, string, string[]]>([
    ["discord", "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c", []],
    [
      "sendgrid",
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==",
      [],
    ],
    ["paypal", "", []],
  ])("of %s cannot be signed by anybody else", async (preset, secret) => {
    await expecting(preset, secret === "" ? [] : [secret]);
    const answer = await send(preset);
    expect(answer).toMatchObject({ status: 422, body: { code: "sample-refused", field: "preset" } });
    expect(await runs()).toEqual([]);
  });

  test("is not signed with the secret of another sender", async () => {
    await expecting("stripe");
    expect(await send("github")).toMatchObject({ status: 422, body: { code: "sample-refused" } });
    expect(await send("acme")).toMatchObject({ status: 422, body: { code: "sample-refused" } });
    expect(await send("stripe", "no.such.event")).toMatchObject({ status: 422, body: { field: "event" } });
    expect(await runs()).toEqual([]);
  });

  test("needs the secret of a flow that was copied without it", async () => {
    await expecting("stripe");
    flow = (await app.owner("POST", `/api/flows/${flow.id}/duplicate`)).body as FlowView;
    const answer = await send("stripe");
    expect(answer).toMatchObject({ status: 422, body: { code: "sample-refused" } });
    expect(answer.text).not.toContain(SECRET);
  });
});
