// A delivery as a curl command: what a shell makes of it, and what a server gets of that.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { curlOf } from "../../../client/deliveries/delivery-curl.ts";
import { aDelivery } from "./fixtures.ts";

/** The words that a shell gives to curl, and what comes to it by the pipe. */
function inShell(command: string): { words: string[]; piped: string } {
  const curl = `curl() { for word; do printf '%s\\0' "$word"; done; printf '\\0'; case "$*" in *@-*) cat;; esac; }`;
  // By its input: as an argument it could be too long for the system.
  const [words = "", piped = ""] = execFileSync("sh", { input: `${curl}\n${command}` })
    .toString()
    .split("\0\0");
  return { words: words.split("\0"), piped };
}

const headersIn = (words: string[]) => words.filter((_, i) => words[i - 1] === "-H");

describe("a shell takes each part as one word", () => {
  test("whatever quotes, newlines and dollars are in it", () => {
    const text = `{"name":"O'Neil","note":"$(echo harm) \`date\` \\\\ \n 'x'; echo harm"}`;
    const url = "https://hooks.example.com/catch/a?who=it's&n=[1]";
    const headers = { "content-type": "application/json", "x-note": "it's $HOME", "x-empty": "" };
    const { words } = inShell(curlOf(aDelivery({ text, url, headers })).command);
    expect(words).toEqual([
      "-X",
      "POST",
      url,
      "--globoff",
      "-H",
      "content-type: application/json",
      "-H",
      "x-note: it's $HOME",
      "-H",
      "x-empty;",
      "--data-binary",
      text,
    ]);
  });

  test("a body that curl would take for the name of a file goes by a pipe", () => {
    const { words, piped } = inShell(curlOf(aDelivery({ text: "@/etc/passwd" })).command);
    expect(words.slice(-2)).toEqual(["--data-binary", "@-"]);
    expect(piped).toBe("@/etc/passwd");
  });

  test("so does one that is longer than a word of a command may be", () => {
    const text = `"${"é'".repeat(70_000)}"`;
    const { words, piped } = inShell(curlOf(aDelivery({ text })).command);
    expect(words.at(-1)).toBe("@-");
    expect(piped).toBe(text);
  });

  test.each([
    ["a carriage return", "a\r\nb"],
    ["a control character", "\u001b[31mred"],
    ["bytes that are no text", null],
  ])("and %s as base64", (_, text) => {
    const base64 = Buffer.from(text ?? [0xff, 0x00, 0x41]).toString("base64");
    const { command } = curlOf(aDelivery({ text, base64 }));
    expect(command).toContain(`printf %s '${base64}' | base64 -d | curl`);
    expect(inShell(command).words.at(-1)).toBe("@-");
  });

  test("and a text that says less than the bytes do: a mark of the byte order", () => {
    const base64 = Buffer.from("\ufeff{}").toString("base64");
    expect(curlOf(aDelivery({ text: "{}", base64 })).command).toContain(base64);
  });
});

describe("what is masked", () => {
  test("is left as a placeholder with a name, in headers and in the query", () => {
    const { command, placeholders } = curlOf(
      aDelivery({
        url: `https://hooks.example.com/catch/a?token=${encodeURIComponent("••••")}&page=2`,
        headers: { authorization: "Bearer ••••", "x-api-key": "••••" },
      }),
    );
    expect(placeholders).toEqual(["PUT_TOKEN_HERE", "PUT_AUTHORIZATION_HERE", "PUT_X_API_KEY_HERE"]);
    const { words } = inShell(command);
    expect(words[2]).toBe("https://hooks.example.com/catch/a?token=PUT_TOKEN_HERE&page=2");
    expect(headersIn(words)).toEqual([
      "authorization: Bearer PUT_AUTHORIZATION_HERE",
      "x-api-key: PUT_X_API_KEY_HERE",
      "Content-Type:",
    ]);
  });

  test("asks for nothing where nothing is masked", () => {
    expect(curlOf(aDelivery()).placeholders).toEqual([]);
  });
});

describe("sent by the real curl", () => {
  let got: { request: IncomingMessage; body: Buffer } | undefined;
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    got = { request, body: Buffer.concat(pieces) };
    response.end();
  });
  let url = "";
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/catch/a?x=%5B1%5D`;
  });
  afterAll(() => void server.close());
  beforeEach(() => {
    got = undefined;
  });

  async function send(command: string) {
    const shell = spawn("sh", { stdio: ["pipe", "ignore", "inherit"] });
    shell.stdin.end(command);
    expect(await once(shell, "exit")).toEqual([0, null]);
    if (!got) throw new Error("nothing arrived");
    return got;
  }

  test.each([
    ["text", 'it\'s {\n\t"x": 1}\n'],
    ["what begins with @", "@x"],
    ["lines that end as in e-mails", "a\r\nb\r\n"],
    ["a long text", `"${"é'".repeat(70_000)}"`],
    ["nothing", ""],
  ])("the same bytes, headers and address arrive: %s", async (_, text) => {
    const headers = {
      "content-type": "text/plain; charset=utf-8",
      "x-signature": "t=1,v1=abc",
      "content-length": "999",
      "content-encoding": "gzip",
      host: "elsewhere.example.com",
      "x-forwarded-for": "203.0.113.7",
    };
    const { request, body } = await send(curlOf(aDelivery({ method: "PUT", url, text, headers })).command);
    expect(body.toString()).toBe(text);
    expect([request.method, request.url]).toEqual(["PUT", "/catch/a?x=%5B1%5D"]);
    expect(request.headers).toMatchObject({
      "content-type": "text/plain; charset=utf-8",
      "x-signature": "t=1,v1=abc",
    });
    expect(request.headers.host).toMatch(/^127/);
    expect(request.headers["content-encoding"]).toBeUndefined();
    expect(request.headers["x-forwarded-for"]).toBeUndefined();
  });

  test("bytes that are no text arrive as they were, and without a type that nobody gave", async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const delivery = aDelivery({ url, text: null, base64: bytes.toString("base64"), headers: {} });
    const { request, body } = await send(curlOf(delivery).command);
    expect(body.equals(bytes)).toBe(true);
    expect(request.headers["content-type"]).toBeUndefined();
  });
});
