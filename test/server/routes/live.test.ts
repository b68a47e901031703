// The live stream: what moves is told at once, to those who may know, and to no more than can be served.

import { afterEach, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../../kit/app.ts";
import { liveFlow } from "../../kit/flows.ts";

let app: TestApp;
afterEach(() => app.close());

interface Stream {
  status: number;
  headers: Headers;
  /** What came so far. */
  text(): string;
  /** Waits until it contains the text. */
  until(text: string): Promise<void>;
  ended: Promise<void>;
  leave(): void;
}

async function listen(headers: Record<string, string> = { cookie: app.cookie }): Promise<Stream> {
  const leaving = new AbortController();
  const answer = await fetch(`${app.url}/api/live`, {
    headers: { "accept-encoding": "gzip", ...headers },
    signal: leaving.signal,
  });
  let text = "";
  let heard = () => {};
  const ended = (async () => {
    try {
      for await (const chunk of answer.body ?? []) {
        text += new TextDecoder().decode(chunk);
        heard();
      }
    } catch {
      // it was left
    }
  })();
  return {
    status: answer.status,
    headers: answer.headers,
    text: () => text,
    ended,
    async until(wanted) {
      while (!text.includes(wanted)) {
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
    },
    leave: () => leaving.abort(),
  };
}

test("what moves is told at once, uncompressed, and by ids only", async () => {
  app = await startTestApp();
  const flow = await liveFlow(app);
  const stream = await listen();
  expect(stream.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(stream.headers.get("cache-control")).toBe("no-cache, no-transform");
  expect(stream.headers.get("content-encoding")).toBeNull();
  const caught = await app.anonymous("POST", new URL(flow.catchUrl).pathname, { body: { secret: "CANARY" } });
  const { runId } = caught.body as { runId: string };
  const moved = { kind: "run", flowId: flow.id, runId };
  await stream.until(`event: moved\ndata: ${JSON.stringify(moved)}\n\n`);
  await app.owner("PATCH", `/api/flows/${flow.id}`, { body: { name: "B" } });
  await stream.until(`data: ${JSON.stringify({ kind: "flow", flowId: flow.id })}`);
  app.deps.bus.publish({ kind: "flow", workspaceId: "ws_other", flowId: "flow_theirs" });
  app.deps.bus.publish({ kind: "flow", workspaceId: "ws_default", flowId: "flow_ours" });
  await stream.until("flow_ours");
  expect(stream.text()).not.toContain("theirs");
  expect(stream.text()).not.toContain("workspace");
  expect(stream.text()).not.toContain("CANARY");
  stream.leave();
  await stream.ended;
});

test("one user holds at most twenty streams, and leaving makes room", async () => {
  app = await startTestApp();
  const streams = await Promise.all(Array.from({ length: 20 }, () => listen()));
  expect(streams.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  const refused = await app.owner("GET", "/api/live");
  expect(refused).toMatchObject({ status: 429, body: { code: "too-many-streams" } });
  const program = await listen({ authorization: `Bearer ${app.token}` });
  expect(program.status).toBe(200);
  streams[0]?.leave();
  let again = await listen();
  for (let look = 0; again.status !== 200 && look < 100; look++) {
    await new Promise((done) => setTimeout(done, 10));
    again = await listen();
  }
  expect(again.status).toBe(200);
  for (const stream of [...streams, program, again]) stream.leave();
});

test("every stream ends when the server stops", async () => {
  app = await startTestApp();
  const stream = await listen();
  await stream.until("retry:");
  app.stop();
  await stream.ended;
});
