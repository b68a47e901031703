// What a signature is made over: the pieces of a request, one after the other.

import { createHash } from "node:crypto";
import type { SignatureScheme } from "../../shared/verification.ts";
import { type CaughtRequest, isForm, readQuery } from "./caught-request.ts";
import { decodeStrict, sameText } from "./strict-text.ts";

/** Null stands for the secret. */
export type Piece = string | Uint8Array | null;

export type Signable = Pick<CaughtRequest, "method" | "contentType" | "raw">;

/** The pieces in their order. `timestamp` and `id` are as they were sent, to the letter. */
export function contentOf(
  { signed }: SignatureScheme,
  request: Signable,
  url: string,
  { timestamp = "", id = "" }: { timestamp?: string; id?: string },
): Piece[] {
  const piece = (part: SignatureScheme["signed"][number]): Piece => {
    if (typeof part === "object") return part.text;
    switch (part) {
      case "body":
        return request.raw;
      case "timestamp":
        return timestamp;
      case "id":
        return id;
      case "method":
        return request.method.toUpperCase();
      case "url":
        return url;
      case "url-unescaped":
        return unescaped(url);
      case "secret":
        return null;
      case "form":
        return isForm(request.contentType) ? formText(request.raw) : "";
    }
  };
  return signed.map(piece);
}

/** Who signs forms signs the address with or without its port, whatever the address was that it was given. */
export function addressesOf({ signed }: SignatureScheme, url: string): string[] {
  if (!signed.includes("form")) return [url];
  const bare = withoutPort(url);
  return [bare, withPort(url)];
}

/** A body that is no form is covered by its hash in the address, where a scheme signs forms. */
export function coversBody(
  { signed }: SignatureScheme,
  request: Pick<CaughtRequest, "contentType" | "raw" | "query">,
): boolean {
  if (!signed.includes("form") || signed.includes("body")) return true;
  if (request.raw.byteLength === 0 || isForm(request.contentType)) return true;
  const claimed = readQuery(request, BODY_HASH);
  const hash = claimed.kind === "value" ? decodeStrict(claimed.text, "hex", 32) : undefined;
  return hash !== undefined && sameText(hash, createHash("sha256").update(request.raw).digest());
}

/** The parameter of the address that holds it. */
export const BODY_HASH = "bodySHA256";

/** Every field's name and values, sorted, with nothing in between. A value that comes twice counts once. */
function formText(raw: Uint8Array): string {
  const fields = new Map<string, Set<string>>();
  for (const [name, value] of new URLSearchParams(Buffer.from(raw).toString("utf8"))) {
    const values = fields.get(name);
    if (values) values.add(value);
    else fields.set(name, new Set([value]));
  }
  const names = [...fields.keys()].sort();
  return names
    .map((name) =>
      [...(fields.get(name) ?? [])]
        .sort()
        .map((value) => `${name}${value}`)
        .join(""),
    )
    .join("");
}

const ORIGIN = /^(https?):\/\/(\[[^\]]*\]|[^/?#:]*)(:\d+)?/i;

function withoutPort(url: string): string {
  return url.replace(ORIGIN, "$1://$2");
}

function withPort(url: string): string {
  return url.replace(ORIGIN, (_, scheme: string, host: string, port: string | undefined) => {
    return `${scheme}://${host}${port ?? (scheme.toLowerCase() === "https" ? ":443" : ":80")}`;
  });
}

/** HubSpot signs the address with these characters as themselves, and all others as they were sent. */
const ESCAPED = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

function unescaped(url: string): string {
  return url.replace(ESCAPED, decodeURIComponent);
}
