// What is kept of a request to a catch URL beside its body: its query and its headers.

import type { IncomingMessage } from "node:http";
import { collectPairs } from "../../shared/event.ts";
import { COOKIE_NAMES } from "./caller.ts";

/** Names that come twice become a list. */
export function queryData(req: IncomingMessage): Record<string, string | string[]> {
  const url = req.url ?? "";
  const cut = url.indexOf("?");
  return cut < 0 ? {} : collectPairs(new URLSearchParams(url.slice(cut + 1)));
}

/**
 * Names in lower case; a header that comes twice is joined by a comma, a cookie by a semicolon. A credential of this
 * server itself, which a browser sends along when its user opens a catch URL, is left out.
 */
export function headerData(req: IncomingMessage): Record<string, string> {
  const found = new Map<string, string>();
  const raw = req.rawHeaders;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? "").toLowerCase();
    const value = raw[i + 1] ?? "";
    const before = found.get(name);
    found.set(name, before === undefined ? value : `${before}${name === "cookie" ? "; " : ", "}${value}`);
  }
  const cookie = found.get("cookie");
  if (cookie !== undefined) {
    const kept = withoutOwn(cookie);
    if (kept === "") found.delete("cookie");
    else found.set("cookie", kept);
  }
  if (/^bearer fc_/i.test(found.get("authorization") ?? "")) found.set("authorization", "Bearer ••••");
  return Object.fromEntries(found);
}

function withoutOwn(cookie: string): string {
  return cookie
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "" && !COOKIE_NAMES.includes(part.split("=")[0]?.trim() ?? ""))
    .join("; ");
}
