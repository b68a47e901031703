// The limits of the listener itself, on real sockets: what is no HTTP, what hides behind it, and what is owed to whom.

import type { RequestListener } from "node:http";
import { connect, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { type Listening, listen } from "../../server/listen.ts";

let listening: Listening | undefined;
afterEach(() => listening?.close(0));

async function answerWith(answer: RequestListener): Promise<Listening> {
  listening = await listen({ port: 0, host: "127.0.0.1" }, () => answer);
  return listening;
}

/** Answers every request with its path, after `waitMs`; gives what came back on one connection, and what was asked. */
async function talk(sent: string, waitMs = 0): Promise<{ heard: string; asked: string[] }> {
  const asked: string[] = [];
  const { port } = await answerWith((req, res) => {
    asked.push(req.url ?? "");
    req.resume().once("end", () => setTimeout(() => res.end(`this is ${req.url}`), waitMs));
  });
  const socket = connect(port, "127.0.0.1", () => socket.write(sent));
  return { heard: await text(socket), asked };
}

/** All that comes until the connection ends. */
function text(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let heard = "";
    socket.on("data", (chunk) => {
      heard += chunk;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(heard));
  });
}

const get = (path: string, ...headers: string[]) =>
  `${[`GET ${path} HTTP/1.1`, "Host: localhost", ...headers].join("\r\n")}\r\n\r\n`;

test.each([
  ["no HTTP", "nonsense\r\n\r\n", 400, "not-http"],
  ["two lengths", get("/", "Content-Length: 1", "Content-Length: 2"), 400, "not-http"],
  ["headers over 16 KB", get("/", `X-Long: ${"x".repeat(200_000)}`), 431, "headers-too-large"],
])("%s is refused with a problem that its sender gets to read", async (_, sent, status, code) => {
  const { heard, asked } = await talk(sent);
  expect(heard).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  const problem = JSON.parse(heard.slice(heard.indexOf("\r\n\r\n")));
  expect(problem).toMatchObject({ code, status, detail: expect.stringMatching(/^Nothing was stored\./) });
  expect(asked).toEqual([]);
});

test("a request without a host is refused, and what follows on its connection is not read", async () => {
  const { heard, asked } = await talk(`GET /one HTTP/1.1\r\n\r\n${get("/two")}`);
  expect(heard).toMatch(/^HTTP\/1.1 400 [\s\S]*"not-http"/);
  expect(heard.match(/HTTP\/1.1 \d/g)).toHaveLength(1);
  expect(asked).toEqual([]);
});

test("nonsense behind an honest request does not take its answer away", async () => {
  const { heard, asked } = await talk(`${get("/one")}nonsense\r\n\r\n`, 50);
  expect(heard).toMatch(/^HTTP\/1.1 200 [\s\S]*this is \/one/);
  expect(heard.match(/HTTP\/1.1 \d/g)).toHaveLength(1);
  expect(asked).toEqual(["/one"]);
});

test("an expectation that nobody knows is no reason to lose a request", async () => {
  const { heard } = await talk(get("/one", "Expect: a-miracle", "Connection: close"));
  expect(heard).toMatch(/^HTTP\/1.1 200 [\s\S]*this is \/one/);
});

test("several requests in one go are answered in their order", async () => {
  const { heard } = await talk(`${get("/one")}${get("/two")}${get("/three", "Connection: close")}`, 5);
  expect(heard.match(/this is \/[a-z]+/g)).toEqual(["this is /one", "this is /two", "this is /three"]);
});

test("requests in one go are begun one after the other", async () => {
  let open = 0;
  let most = 0;
  const asked: string[] = [];
  const { port } = await answerWith((req, res) => {
    asked.push(req.url ?? "");
    most = Math.max(most, ++open);
    setTimeout(() => {
      open--;
      res.end("done");
    }, 1);
  });
  const paths = Array.from({ length: 1_000 }, (_, n) => `/${n}`);
  const socket = connect(port, "127.0.0.1");
  socket.write(`${paths.map((path) => get(path)).join("")}${get("/last", "Connection: close")}`);
  expect((await text(socket)).match(/done/g)).toHaveLength(1_001);
  expect(asked).toEqual([...paths, "/last"]);
  expect(most).toBe(1);
});

test("others are served while somebody's many requests are answered, and answers that nobody reads are not made", async () => {
  let asked = 0;
  const { port } = await answerWith((req, res) => {
    if (req.url === "/much") asked++;
    res.end(Buffer.alloc(req.url === "/much" ? 2_000_000 : 1));
  });
  const greedy = connect(port, "127.0.0.1").pause();
  greedy.write(get("/much").repeat(1_001));
  await vi.waitFor(() => expect(asked).toBeGreaterThan(0));
  for (let i = 0; i < 20; i++)
    await fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.arrayBuffer());
  greedy.destroy();
  // no more than the buffers between the two hold, and one
  expect(asked).toBeLessThan(50);
});

test("who sends more than a thousand behind one that is not answered is cut off, and none of them is begun", async () => {
  const asked: string[] = [];
  const { port } = await answerWith((req) => void asked.push(req.url ?? ""));
  const socket = connect(port, "127.0.0.1");
  socket.write(get("/one") + get("/more").repeat(1_001));
  expect(await text(socket)).toBe("");
  expect(asked).toEqual(["/one"]);
});

test("what stands in line when its sender goes is not begun", async () => {
  const asked: string[] = [];
  const ends: (() => void)[] = [];
  const { port, server } = await answerWith((req, res) => {
    asked.push(req.url ?? "");
    ends.push(() => res.end());
  });
  const gone = new Promise((resolve) => server.on("connection", (socket) => socket.once("close", resolve)));
  const socket = connect(port, "127.0.0.1");
  socket.write(get("/one") + get("/two"));
  await vi.waitFor(() => expect(asked).toEqual(["/one"]));
  socket.destroy();
  await gone;
  for (const end of ends) end();
  await setImmediate();
  await setImmediate();
  expect(asked).toEqual(["/one"]);
});
