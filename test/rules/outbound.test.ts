// There is one way out: what opens connections is used in the outbound adapters and nowhere else.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const ROOT = new URL("../../", import.meta.url);

/** Packages and modules that reach the network, and the only files that may import them. */
const DOORS: Record<string, RegExp> = {
  undici: /^server\/adapters\/(guarded-http|http-exchange)\.ts$/,
  nodemailer: /^server\/adapters\/smtp-[a-z]+\.ts$/,
  "node:dns": /^server\/adapters\/(address-guard|smtp-mailer)\.ts$/,
};

/** Clients that would go round the door, whichever one somebody likes best. */
const OTHER_CLIENTS =
  /^(axios|got|ky|needle|node-fetch|cross-fetch|isomorphic-fetch|superagent|request|phin|wretch|ofetch|ws|eventsource|socket\.io-client|ssh2.*|basic-ftp|imapflow|@slack\/.*|googleapis|stripe|twilio|openai|@sendgrid\/.*|node:http2|node:dgram|node:inspector|node:child_process)$/;

/** Programs that a person runs by hand, each with what it may use and why. No other file may import them. */
const PROGRAMS: Record<string, { may: string; why: string }> = {
  "server/dev.ts": { may: "imports node:child_process", why: "starts the server and Vite side by side" },
  "server/token.ts": {
    may: "uses fetch (if it is one of your own, call it something else)",
    why: "asks the server that runs on the same machine",
  },
  "server/send.ts": {
    may: "uses fetch (if it is one of your own, call it something else)",
    why: "sends a sample to the address that the person who calls it names",
  },
};

/** Of these modules a server needs something too: only the names that connect belong to the outbound adapters. */
const CONNECTING: Record<string, Set<string>> = {
  "node:http": new Set(["request", "get", "Agent", "globalAgent", "ClientRequest"]),
  "node:https": new Set(["request", "get", "Agent", "globalAgent"]),
  "node:net": new Set(["connect", "createConnection", "Socket", "Stream"]),
  "node:tls": new Set(["connect", "TLSSocket"]),
};

const CONNECTORS_ALLOWED = /^server\/adapters\/smtp-mailer\.ts$/;

/** Never in any file: they take no address guard. */
const GLOBALS: [string, RegExp][] = [
  ["fetch", /(?<![\w$.#"'`-])fetch\s*\(/],
  ["fetch", /\b(globalThis|global|window|self)\s*(\.|\[\s*["'`])\s*fetch\b/],
  ["fetch", /[=,(:?|&]\s*fetch\s*[,;)}|?]/],
  ["WebSocket", /\bnew\s+(globalThis\.)?(WebSocket|EventSource|XMLHttpRequest)\b/],
];

interface Import {
  from: string;
  clause: string;
}

/** What is wrong with a source file, as sentences. */
function findBreaches(file: string, source: string): string[] {
  const breaches: string[] = [];
  const code = withoutComments(source);
  for (const { from, clause } of readImports(code)) {
    // `http` is `node:http`, `undici/x` is `undici`.
    const name = /^(http|https|http2|net|tls|dns|dgram|child_process|inspector)(\/|$)/.test(from)
      ? `node:${from}`
      : from;
    const base = name.replace(/^(@[^/]+\/[^/]+|[^@/][^/]*)\/.*$/, "$1");
    const door = DOORS[base];
    if (door !== undefined && !door.test(file)) breaches.push(`${file} imports ${from}`);
    if (OTHER_CLIENTS.test(base)) breaches.push(`${file} imports ${from}`);
    const connecting = CONNECTING[base];
    if (connecting === undefined || CONNECTORS_ALLOWED.test(file)) continue;
    const names = namesIn(clause);
    if (names === undefined) breaches.push(`${file} imports all of ${from}: import what it needs by name`);
    for (const each of names ?? []) {
      if (connecting.has(each)) breaches.push(`${file} imports ${each} of ${from}`);
    }
  }
  for (const [name, pattern] of GLOBALS) {
    if (pattern.test(withoutTexts(code))) {
      breaches.push(`${file} uses ${name} (if it is one of your own, call it something else)`);
    }
  }
  return breaches;
}

/** Runtime imports and re-exports; types vanish before anything runs. */
function readImports(code: string): Import[] {
  const found: Import[] = [];
  for (const match of code.matchAll(
    /^\s*(?:import|export)\s+(?!type\b)([^"'`;]*?)\s*from\s*["']([^"']+)["']/gm,
  )) {
    found.push({ clause: match[1] ?? "", from: match[2] ?? "" });
  }
  for (const match of code.matchAll(/^\s*import\s*["']([^"']+)["']/gm)) {
    found.push({ clause: "{}", from: match[1] ?? "" });
  }
  for (const match of code.matchAll(/\b(?:import|require|getBuiltinModule)\s*\(\s*["'`]([^"'`]+)["'`]/g)) {
    found.push({ clause: "*", from: match[1] ?? "" });
  }
  return found;
}

/** The imported names, or nothing for a default or a namespace import. */
function namesIn(clause: string): string[] | undefined {
  const braces = /^\{([^}]*)\}$/.exec(clause.trim());
  return braces?.[1]
    ?.split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && !part.startsWith("type "))
    .map((part) => part.split(/\s+as\s+/)[0] ?? "");
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, " ").replace(/(^|[\s;{(,])\/\/.*$/gm, "$1");
}

/** Words in a text call nothing; only a property may be named by one. */
function withoutTexts(code: string): string {
  return code.replace(/(?<!\[\s*)(["'])(?:[^"'\\\n]|\\.)*\1/g, '""');
}

function sources(): string[] {
  return ["server", "shared"].flatMap((folder) =>
    readdirSync(new URL(folder, ROOT), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => `${folder}/${file.replaceAll("\\", "/")}`),
  );
}

describe("outbound traffic", () => {
  test("leaves by the outbound adapters alone", () => {
    const files = sources();
    expect(files).toContain("server/adapters/guarded-http.ts");
    const breaches = files.flatMap((file) => findBreaches(file, readFileSync(new URL(file, ROOT), "utf8")));
    const excused = Object.entries(PROGRAMS).map(([file, { may }]) => `${file} ${may}`);
    expect(breaches.filter((breach) => !excused.includes(breach))).toEqual([]);
  });

  test("does not leave by a program that was made to be run by hand", () => {
    for (const file of sources()) {
      for (const { from } of readImports(readFileSync(new URL(file, ROOT), "utf8"))) {
        if (!from.startsWith(".")) continue;
        const path = new URL(from, new URL(file, ROOT)).href.slice(ROOT.href.length);
        expect(Object.keys(PROGRAMS), `${file} imports ${path}`).not.toContain(path);
      }
    }
  });

  test.each([
    'import { fetch } from "undici";',
    'import {\n  Agent,\n} from "undici";',
    'import undici from "undici/index.js";',
    'export { request } from "undici";',
    'const { request } = await import("undici");',
    'import nodemailer from "nodemailer";',
    'import { request } from "node:http";',
    'import { createServer, get as fetchIt } from "node:https";',
    'import http from "node:http";',
    'import * as http from "http";',
    'import { connect } from "node:net";',
    'import { type Server, Socket } from "net";',
    'import tls from "node:tls";',
    'import { lookup } from "node:dns/promises";',
    'import axios from "axios";',
    'import { WebClient } from "@slack/web-api";',
    'import { exec } from "node:child_process";',
    'const http = process.getBuiltinModule("node:http");',
    'const answer = await fetch("https://example.com");',
    "return fetch (url);",
    "const send = globalThis.fetch;",
    'const send = globalThis["fetch"];',
    "const deps = { send: fetch };",
    "call(fetch);",
    "const get = deps.get ?? fetch;",
    'new WebSocket("wss://example.com")',
    "new EventSource(url)",
  ])("%j would be found", (code) => {
    expect(findBreaches("server/connectors/acme.ts", `// A file.\n${code}\n`)).not.toEqual([]);
  });

  test.each([
    'import type { Socket } from "node:net";',
    'import { isIP, type Socket } from "node:net";',
    'import { createServer } from "node:http";',
    'import { createServer, STATUS_CODES, type ClientRequest } from "node:http";',
    "// fetch(url) would go round the door",
    "/* import undici from 'undici' */",
    "const rows = cursor.fetch(10);",
    "prefetch(url);",
    'const text = "a fetch (by hand)";',
    "await ctx.http.send({ method, url });",
  ])("%j is fine", (code) => {
    expect(findBreaches("server/routes/acme.ts", `// A file.\n${code}\n`)).toEqual([]);
  });
});
