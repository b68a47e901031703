// Filters that encode text for another place, and filters that hash it.

import { hmac } from "@noble/hashes/hmac.js";
import { sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { example, type Filter, type FilterParameter, textArg, textOf } from "./filters-kit.ts";

const ENCODING: FilterParameter = {
  name: "encoding",
  kind: "text",
  optional: true,
  choices: ["hex", "base64", "base64url"],
};

export const encodeFilters: readonly Filter[] = [
  {
    name: "url_encode",
    group: "encode",
    takes: [],
    summary: "As one part of a URL: a piece of its path or a value of its query.",
    examples: [
      example(
        "https://example.com/?q={{trigger.q | url_encode}}",
        { q: "a&b c" },
        "https://example.com/?q=a%26b%20c",
      ),
    ],
    run: (input, _args, ctx) =>
      encodeURIComponent(textOf(input, ctx).toWellFormed()).replace(
        /[!'()*]/g,
        (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
  },
  {
    name: "url_decode",
    group: "encode",
    takes: [],
    summary: "The text behind its URL form; “+” counts as a blank.",
    examples: [example("{{trigger.q | url_decode}}", { q: "a%26b+c" }, "a&b c")],
    run(input, _args, ctx) {
      try {
        return decodeURIComponent(textOf(input, ctx).replaceAll("+", " "));
      } catch (cause) {
        if (cause instanceof URIError) throw ctx.needs("a text in URL form", input);
        throw cause;
      }
    },
  },
  {
    name: "base64",
    group: "encode",
    takes: [{ name: "alphabet", kind: "text", optional: true, choices: ["url"] }],
    summary: 'The UTF-8 bytes of a text as base64; with "url" in the form that is safe in URLs.',
    examples: [
      example('{{trigger.user | append: ":pw" | base64}}', { user: "ada" }, "YWRhOnB3"),
      example('{{trigger.text | base64: "url"}}', { text: "a?>" }, "YT8-"),
    ],
    run: (input, args, ctx) =>
      writeBytes(toBytes(textOf(input, ctx)), args[0] === "url" ? "base64url" : "base64"),
  },
  {
    name: "base64_decode",
    group: "encode",
    takes: [],
    summary: "The text behind base64, of either alphabet.",
    examples: [example("{{trigger.data | base64_decode}}", { data: "Wm/DqyA=" }, "Zoë ")],
    run(input, _args, ctx) {
      const text = textOf(input, ctx);
      try {
        const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
        const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
      } catch {
        throw ctx.needs("the base64 of a text", input);
      }
    },
  },
  {
    name: "html_escape",
    group: "encode",
    takes: [],
    summary: "With its special characters escaped, so that it stays text in HTML.",
    examples: [
      example("<b>{{trigger.name | html_escape}}</b>", { name: "Ada <3 & co" }, "<b>Ada &lt;3 &amp; co</b>"),
    ],
    run: (input, _args, ctx) =>
      textOf(input, ctx).replace(/[&<>"']/g, (char) => HTML_ESCAPES.get(char) ?? char),
  },
  {
    name: "sha1",
    group: "hash",
    takes: [ENCODING],
    summary: "The SHA-1 hash of a text, in hex unless you say. Only for services that ask for it.",
    examples: [
      example("{{trigger.text | sha1}}", { text: "abc" }, "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ],
    run: (input, args, ctx) => writeBytes(sha1(toBytes(textOf(input, ctx))), textArg(args, 0, "hex")),
  },
  {
    name: "sha256",
    group: "hash",
    takes: [ENCODING],
    summary: "The SHA-256 hash of a text, in hex unless you say.",
    examples: [
      example(
        "{{trigger.text | sha256}}",
        { text: "abc" },
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      ),
      example(
        '{{trigger.text | sha256: "base64"}}',
        { text: "abc" },
        "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
      ),
    ],
    run: (input, args, ctx) => writeBytes(sha256(toBytes(textOf(input, ctx))), textArg(args, 0, "hex")),
  },
  {
    name: "sha512",
    group: "hash",
    takes: [ENCODING],
    summary: "The SHA-512 hash of a text, in hex unless you say.",
    examples: [
      example(
        '{{trigger.text | sha512: "base64url"}}',
        { text: "abc" },
        "3a81oZNherrMQXNJriBBMRLm-k6JqX6iCp7u5ktV05ohkpkqJ0_BqDa6PCOj_uu9RU1EI2Q86A4qmslPpUyknw",
      ),
    ],
    run: (input, args, ctx) => writeBytes(sha512(toBytes(textOf(input, ctx))), textArg(args, 0, "hex")),
  },
  {
    name: "hmac_sha256",
    group: "hash",
    takes: [{ name: "secret", kind: "text" }, ENCODING],
    summary: "The signature of a text with a secret (HMAC with SHA-256), in hex unless you say.",
    examples: [
      example(
        '{{trigger.text | hmac_sha256: "Jefe"}}',
        { text: "what do ya want for nothing?" },
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
      ),
    ],
    run: (input, args, ctx) =>
      writeBytes(
        hmac(sha256, toBytes(textArg(args, 0)), toBytes(textOf(input, ctx))),
        textArg(args, 1, "hex"),
      ),
  },
];

const HTML_ESCAPES = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

function toBytes(text: string): Uint8Array {
  return utf8ToBytes(text.toWellFormed());
}

function writeBytes(bytes: Uint8Array, encoding: string): string {
  if (encoding === "hex") return bytesToHex(bytes);
  let binary = "";
  for (let at = 0; at < bytes.length; at += 8_192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  const base64 = btoa(binary);
  if (encoding === "base64") return base64;
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
