// The limits of the listener itself, on real sockets: what is no HTTP, what hides behind it, and what is owed to whom.

import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { type Listening, listen } from "../../server/listen.ts";

let listening: Listening | undefined;
afterEach(() => listening?.close(0));

/** Answers every request with its path, after `waitMs`; gives what came back on one connection, and what was asked. */
async function talk(sent: string, waitMs = 0): Promise<{ heard: string; asked: string[] }> {
  const asked: string[] = [];
  listening = await listen({ port: 0, host: "127.0.0.1" }, () => (req, res) => {
    asked.push(req.url ?? "");
    req.resume().once("end", () => setTimeout(() => res.end(`this is ${req.url}`), waitMs));
  });
  const { port } = listening;
  const heard = await new Promise<string>((resolve) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(sent));
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(text));
  });
  return { heard, asked };
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
