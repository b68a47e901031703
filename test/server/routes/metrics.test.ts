// Who may read the metrics: the owner, and whoever has the token that is for nothing else.

import { afterEach, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../../kit/app.ts";

const METRICS_TOKEN = "a-token-of-prometheus-alone";

let app: TestApp;
afterEach(() => app.close());

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

test("nobody, and who is not the owner, gets a 401 and no figure", async () => {
  app = await startTestApp();
  const nobodies: Record<string, string>[] = [
    {},
    { authorization: "Bearer " },
    { authorization: "Bearer undefined" },
    { authorization: `Bearer ${METRICS_TOKEN}` },
    { authorization: `Bearer fc_abcdef_${"x".repeat(43)}_00000000` },
    { authorization: "Basic b3duZXI6Y29ycmVjdA==" },
    { cookie: `flowcatch=${"x".repeat(43)}` },
  ];
  for (const headers of nobodies) {
    const answer = await app.anonymous("GET", "/metrics", { headers });
    expect(answer.status, JSON.stringify(headers)).toBe(401);
    expect(answer.body).toMatchObject({ code: "not-signed-in" });
    expect(answer.text).not.toContain("flowcatch_");
  }
});

test("the owner may read them, by session and by API token", async () => {
  app = await startTestApp();
  for (const answer of [await app.owner("GET", "/metrics"), await app.program("GET", "/metrics")]) {
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain("text/plain; version=0.0.4");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.text).toContain("# TYPE flowcatch_events_accepted_total counter");
  }
});

test("the metrics' own token opens them, no other does in its place, and it opens nothing else", async () => {
  app = await startTestApp({ settings: { metricsToken: METRICS_TOKEN } });
  expect((await app.anonymous("GET", "/metrics", bearer(METRICS_TOKEN))).status).toBe(200);
  expect((await app.program("GET", "/metrics")).status).toBe(200);
  for (const wrong of [
    `${METRICS_TOKEN}x`,
    METRICS_TOKEN.slice(1),
    METRICS_TOKEN.slice(0, -1),
    METRICS_TOKEN.toUpperCase(),
    "",
  ]) {
    expect((await app.anonymous("GET", "/metrics", bearer(wrong))).status, wrong).toBe(401);
  }
  expect((await app.anonymous("GET", "/metrics")).status).toBe(401);
  expect((await app.anonymous("GET", "/api/health", bearer(METRICS_TOKEN))).status).toBe(401);
  expect((await app.anonymous("GET", "/api/flows", bearer(METRICS_TOKEN))).status).toBe(401);
});
