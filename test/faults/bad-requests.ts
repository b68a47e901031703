// Requests around a body that are wrong or odd (lengths, methods, queries, headers), and what a catch URL answers.

import { type BadPayload, MOST_BODY } from "./bad-bodies.ts";

export function badRequests(): BadPayload[] {
  return [...lengths(), ...methods(), ...queries(), ...addresses(), ...manyHeaders()];
}

const JSON_TYPE = "Content-Type: application/json";
const TEXT_TYPE = "Content-Type: text/plain";
const PLAIN = '{"a":1}';

function lengths(): BadPayload[] {
  const chunked = [JSON_TYPE, "Transfer-Encoding: chunked"];
  const chunk = (bytes: string) => `${bytes.length.toString(16)}\r\n${bytes}\r\n`;
  const tooLarge = { status: 413, code: "too-large" };
  return [
    { name: "text of exactly the limit", headers: [TEXT_TYPE], body: filled(MOST_BODY, "x"), status: 202 },
    { name: "one byte over the limit", headers: [TEXT_TYPE], body: filled(MOST_BODY + 1, "x"), ...tooLarge },
    {
      name: "a length of a terabyte",
      headers: [JSON_TYPE],
      body: PLAIN,
      length: "1000000000000",
      ...tooLarge,
    },
    {
      name: "chunks over the limit",
      headers: chunked,
      length: null,
      body: chunk("x".repeat(1024 * 1024)).repeat(11),
      ...tooLarge,
    },
    {
      name: "100,000 chunks of one byte",
      headers: [TEXT_TYPE, "Transfer-Encoding: chunked"],
      length: null,
      body: `${chunk("x").repeat(100_000)}0\r\n\r\n`,
      stored: "x".repeat(100_000),
      status: 202,
    },
    {
      name: "chunks",
      headers: chunked,
      length: null,
      body: `${chunk('{"a"')}${chunk(":1}")}0\r\n\r\n`,
      stored: PLAIN,
      status: 202,
    },
    { name: "no chunk", headers: chunked, length: null, body: "0\r\n\r\n", stored: "", status: 202 },
    { name: "neither length nor chunks", headers: [JSON_TYPE], length: null, body: "", status: 202 },
    {
      name: "chunks and a length",
      headers: chunked,
      body: `${chunk(PLAIN)}0\r\n\r\n`,
      status: 400,
      code: "not-http",
    },
    {
      name: "a length that is no number",
      headers: [JSON_TYPE],
      length: "seven",
      body: PLAIN,
      status: 400,
      code: "not-http",
    },
    {
      name: "a length that is too short",
      headers: [JSON_TYPE],
      length: "7",
      body: `${PLAIN}more`,
      stored: PLAIN,
      status: 202,
    },
    {
      name: "a length that is too long",
      headers: [JSON_TYPE],
      length: "8",
      body: PLAIN,
      end: true,
      status: 400,
      code: "not-http",
    },
    {
      name: "chunks that break off",
      headers: chunked,
      length: null,
      body: chunk('{"a"'),
      end: true,
      status: 400,
      code: "not-http",
    },
    {
      name: "a chunk without a size",
      headers: chunked,
      length: null,
      body: `${PLAIN}\r\n`,
      status: 400,
      code: "not-http",
    },
    { name: "Expect: 100-continue", headers: [JSON_TYPE, "Expect: 100-continue"], body: PLAIN, status: 202 },
    { name: "Expect: a miracle", headers: [JSON_TYPE, "Expect: a miracle"], body: PLAIN, status: 202 },
  ];
}

function filled(bytes: number, letter: string): Buffer {
  return Buffer.alloc(bytes, letter);
}

function methods(): BadPayload[] {
  const taken = ["GET", "PUT", "PATCH", "DELETE"];
  const others = ["PURGE", "PROPFIND", "M-SEARCH", "QUERY", "TRACE"];
  return [
    ...taken.map((method) => ({
      name: `the method ${method}`,
      method,
      headers: [JSON_TYPE],
      body: PLAIN,
      status: 202,
    })),
    ...others.map((method) => ({
      name: `the method ${method}`,
      method,
      headers: [JSON_TYPE],
      body: PLAIN,
      status: 405,
      code: "method-not-allowed",
    })),
    ...["HEAD", "OPTIONS"].map((method) => ({
      name: `the method ${method}`,
      method,
      headers: [],
      body: "",
      status: 204,
    })),
    {
      name: "the method BREW",
      method: "BREW",
      headers: [JSON_TYPE],
      body: PLAIN,
      status: 400,
      code: "not-http",
    },
    {
      name: "an upgrade to something else",
      method: "GET",
      headers: ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"],
      body: "",
      status: 202,
    },
  ];
}

function queries(): BadPayload[] {
  const found: Record<string, string> = {
    "the same name 4,000 times": `?${"a&".repeat(4_000)}`,
    __proto__: "?__proto__=1&__proto__[admin]=1&constructor=2",
    "broken percents": "?%=%&%zz=%f",
    "percents that are not UTF-8": "?a=%ff%fe",
    "an escaped NUL": "?a%00=%00",
    "100 brackets deep": `?a${"[b]".repeat(100)}=1`,
    "question marks": "????a=1?",
    "a fragment": "?a=1#b=2",
  };
  return Object.entries(found).map(([name, suffix]) => ({
    name: `query: ${name}`,
    suffix,
    headers: [JSON_TYPE],
    body: PLAIN,
    status: 202,
  }));
}

function addresses(): BadPayload[] {
  const found: Record<string, string> = {
    "a slash behind": "/",
    "a NUL behind": "%00",
    "a broken percent behind": "%",
    "a percent that is not UTF-8": "%ff",
    "a climb": "/../../etc/passwd",
    "an escaped climb": "/..%2f..%2fetc%2fpasswd",
    "a semicolon behind": ";a=1",
    "a space behind": "%20",
  };
  return Object.entries(found).map(([name, suffix]) => ({
    name: `address: ${name}`,
    suffix,
    headers: [JSON_TYPE],
    body: PLAIN,
    status: 404,
    code: "unknown-catch-url",
  }));
}

function manyHeaders(): BadPayload[] {
  const lines = (count: number) => Array.from({ length: count }, (_, i) => `X-H-${i}: ${i}`);
  return [
    { name: "500 headers", headers: [JSON_TYPE, ...lines(500)], body: PLAIN, status: 202 },
    {
      name: "3,000 headers",
      headers: [JSON_TYPE, ...lines(3_000)],
      body: PLAIN,
      status: 431,
      code: "headers-too-large",
    },
    {
      name: "a header of 17 KB",
      headers: [JSON_TYPE, `X-Long: ${"x".repeat(17_000)}`],
      body: PLAIN,
      status: 431,
      code: "headers-too-large",
    },
    {
      name: "a header __proto__",
      headers: [JSON_TYPE, "__proto__: 1", "constructor: 2"],
      body: PLAIN,
      status: 202,
    },
    {
      name: "one header 500 times",
      headers: [JSON_TYPE, ...lines(500).fill("X-Same: 1")],
      body: PLAIN,
      status: 202,
    },
    { name: "bytes beyond ASCII in a header", headers: [JSON_TYPE, "X-Odd: ☃ü"], body: PLAIN, status: 202 },
    {
      name: "bytes beyond ASCII in the query",
      suffix: "?a=☃",
      headers: [JSON_TYPE],
      body: PLAIN,
      status: 400,
      code: "not-http",
    },
    { name: "an empty header", headers: [JSON_TYPE, "X-Empty:"], body: PLAIN, status: 202 },
  ];
}
