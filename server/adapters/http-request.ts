// Checks a request before it leaves, and makes the next one of a redirect.

import { Refused } from "../../shared/problem.ts";
import type { HttpRequest } from "../ports/http.ts";
import type { AddressGuard } from "./address-guard.ts";

/** A request that may leave: checked address, lower-case header names, a body that can be sent twice. */
export interface Outgoing {
  method: string;
  url: URL;
  port: number;
  headers: Record<string, string>;
  body: string | Buffer | null;
}

const MAX_HEADER_BYTES = 16 * 1024;

/** The request as it may be sent. Throws `Refused` where it may not. */
export async function prepareRequest(request: HttpRequest, guard: AddressGuard): Promise<Outgoing> {
  const target = checkUrl(request.url, undefined, guard);
  const method = request.method.toUpperCase();
  // CONNECT and TRACE speak to proxies, not to services.
  if (!TOKEN.test(method) || method === "CONNECT" || method === "TRACE") {
    throw badRequest(`“${request.method.slice(0, 40)}” is not a method that can be sent.`);
  }
  const headers = readHeaders(request.headers ?? {});
  const body = await readBody(request.body, headers);
  return { method, ...target, headers, body };
}

/** The next request of a redirect, or nothing when the answer is none that can be followed. */
export function followRedirect(
  sent: Outgoing,
  answer: { status: number; headers: Record<string, string> },
  guard: AddressGuard,
): Outgoing | undefined {
  const location = answer.headers.location;
  if (location === undefined || !REDIRECTS.has(answer.status)) return undefined;
  const target = checkUrl(location, sent.url, guard);
  // What browsers and curl do: 303 always asks anew, 301 and 302 turn a POST into a GET, 307 and 308 change nothing.
  const asksAnew =
    (answer.status === 303 && sent.method !== "HEAD") || (answer.status < 303 && sent.method === "POST");
  const sameOrigin = target.url.origin === sent.url.origin;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(sent.headers)) {
    if (asksAnew && name.startsWith("content-")) continue;
    if (sameOrigin || HARMLESS_HEADERS.has(name)) headers[name] = value;
  }
  return asksAnew
    ? { ...target, method: "GET", headers, body: null }
    : { ...target, method: sent.method, headers, body: sent.body };
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

// The only ones that go on to another origin. Any other header may carry a key, whatever it is called.
const HARMLESS_HEADERS = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "cache-control",
  "content-encoding",
  "content-language",
  "content-type",
  "idempotency-key",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-unmodified-since",
  "range",
  "user-agent",
]);

// These belong to the connection and are made here: a forwarded set of headers may hold them, so they are left out.
const CONNECTION_HEADERS = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

// Where an HTTP request could be taken for something else: mail, file transfer, remote shells, name and print services.
const BAD_PORTS = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 445, 465, 512, 513, 514,
  515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080, 11211,
]);

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

function checkUrl(text: string, base: URL | undefined, guard: AddressGuard): { url: URL; port: number } {
  const url = URL.parse(text, base);
  if (url === null) {
    // Only the start: the rest of an address often holds a key.
    const start = text.split(/[?#]/, 1)[0]?.slice(0, 80) ?? "";
    throw badUrl(
      text === "" ? "The URL is empty." : `“${start}” is not a URL.`,
      "Write it as https://example.com/path.",
    );
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw badUrl(
      `“${url.protocol}” addresses can't be reached.`,
      "Use an address that starts with https:// or http://.",
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw badUrl(
      "The URL holds a name or a password.",
      "Put them in a connection or in an Authorization header.",
    );
  }
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  guard.check(url.hostname, port);
  if (BAD_PORTS.has(port)) {
    throw badUrl(
      `Port ${port} belongs to another kind of service than the web.`,
      "Check the number after the colon.",
    );
  }
  if (url.hash !== "") url.hash = "";
  return { url, port };
}

function readHeaders(given: Record<string, string>): Record<string, string> {
  const headers: Record<string, string> = {
    accept: "*/*",
    "accept-encoding": "gzip, deflate, br, zstd",
    "user-agent": "Flowcatch",
  };
  let size = 0;
  for (const [name, value] of Object.entries(given)) {
    const lower = name.toLowerCase();
    if (CONNECTION_HEADERS.has(lower)) continue;
    if (!TOKEN.test(name) || lower === "__proto__") {
      throw badRequest(`“${name.slice(0, 80)}” is not a header name.`);
    }
    // A line break would start a header of its own; bytes beyond Latin-1 have no form on the wire.
    if (typeof value !== "string" || /[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw badRequest(`The header “${name}” holds a line break or a character that headers can't carry.`);
    }
    size += name.length + value.length + 4;
    headers[lower] = value;
  }
  if (size > MAX_HEADER_BYTES) throw badRequest("The headers are longer than 16 KB.");
  return headers;
}

/** Bytes, so that a redirect can send them again. A form names its own content type. */
async function readBody(
  body: HttpRequest["body"],
  headers: Record<string, string>,
): Promise<Outgoing["body"]> {
  if (body === undefined) return null;
  if (typeof body === "string") return body;
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const encoded = new Response(body);
  headers["content-type"] = encoded.headers.get("content-type") ?? "multipart/form-data";
  return Buffer.from(await encoded.arrayBuffer());
}

function badUrl(sentence: string, hint: string): Refused {
  return new Refused({ code: "http-bad-url", sentence, hint });
}

function badRequest(sentence: string): Refused {
  return new Refused({
    code: "http-bad-request",
    sentence,
    hint: "Check the method and the headers of the step.",
  });
}
