// What is kept of a request to a catch URL beside its body: its query and its headers.

import type { IncomingMessage } from "node:http";
import proxyAddress from "proxy-addr";
import { collectPairs } from "../../shared/event.ts";
import { COOKIE_NAMES } from "./caller.ts";
import type { WebSettings } from "./deps.ts";

/** Gives the address that a request came from. */
export type SenderAddress = (req: IncomingMessage) => string;

/** Behind trusted proxies it is what they say in X-Forwarded-For; of anybody else's word nothing is believed. */
export function senderAddress(trust: WebSettings["trustProxy"]): SenderAddress {
  if (trust === false) return (req) => req.socket.remoteAddress ?? "";
  const isTrusted =
    typeof trust === "number" ? (_: string, hop: number) => hop < trust : proxyAddress.compile(trust);
  return (req) => proxyAddress(req, isTrusted) ?? "";
}

/** `?a=1`, as it was sent, or nothing. */
export function queryText({ url = "" }: IncomingMessage): string {
  const cut = url.indexOf("?");
  return cut < 0 ? "" : url.slice(cut);
}

/** Names that come twice become a list. */
export function queryData(req: IncomingMessage): Record<string, string | string[]> {
  const text = queryText(req);
  return text === "" ? {} : collectPairs(new URLSearchParams(text));
}

/**
 * Names in lower case; a header that comes twice is joined by a comma, a cookie by a semicolon. A credential of this
 * server itself, which a browser sends along when its user opens a catch URL, is left out. `repeated` are the names that
 * came more than once.
 */
export function headerData(req: IncomingMessage): {
  headers: Record<string, string>;
  repeated: ReadonlySet<string>;
} {
  if (isPlain(req.headers, req.rawHeaders)) return { headers: req.headers, repeated: NONE };
  const found = new Map<string, string>();
  let repeated: Set<string> | undefined;
  const raw = req.rawHeaders;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? "").toLowerCase();
    const value = raw[i + 1] ?? "";
    const before = found.get(name);
    if (before === undefined) found.set(name, value);
    else {
      found.set(name, `${before}${name === "cookie" ? "; " : ", "}${value}`);
      repeated ??= new Set();
      repeated.add(name);
    }
  }
  const cookie = found.get("cookie");
  if (cookie !== undefined) {
    const kept = withoutOwn(cookie);
    if (kept === "") found.delete("cookie");
    else found.set("cookie", kept);
  }
  if (/^bearer fc_/i.test(found.get("authorization") ?? "")) found.set("authorization", "Bearer ••••");
  return { headers: Object.fromEntries(found), repeated: repeated ?? NONE };
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Has each header come once, and can none be a credential of this server? Then what Node has read is what is kept:
 * nearly always, and at a tenth of the cost.
 */
function isPlain(
  headers: NodeJS.Dict<string | string[]>,
  rawHeaders: readonly string[],
): headers is Record<string, string> {
  if (headers.cookie !== undefined || headers.authorization !== undefined) return false;
  let names = 0;
  for (const name in headers) {
    if (typeof headers[name] !== "string") return false;
    names++;
  }
  return names * 2 === rawHeaders.length;
}

function withoutOwn(cookie: string): string {
  return cookie
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "" && !COOKIE_NAMES.includes(part.split("=")[0]?.trim() ?? ""))
    .join("; ");
}
