// The headers of one part of a form with files: the name of its field, and of its file.

import { fileNameOf } from "./multipart-file.ts";

export interface PartHead {
  name: string;
  /** The last segment of what was sent; undefined when the part is no file. */
  filename: string | undefined;
  /** As it was sent, with its parameters; empty when it was not. */
  contentType: string;
}

const MAX_HEADERS = 32;
const MAX_NAME_CHARS = 1_000;

/** `why` goes on from “Part 3 of the form”. */
export function readPartHead(head: Uint8Array): ({ ok: true } & PartHead) | { ok: false; why: string } {
  const lines = textOf(head)
    .replaceAll(/\r\n[ \t]+/g, " ")
    .split("\r\n")
    .filter((line) => line !== "");
  if (lines.length > MAX_HEADERS) return { ok: false, why: `has more than ${MAX_HEADERS} headers` };
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon <= 0) return { ok: false, why: "has a line among its headers that is none" };
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  const disposition = headers.get("content-disposition") ?? "";
  const parameters = /^form-data\s*(;|$)/i.test(disposition) ? parametersOf(disposition) : undefined;
  const name = parameters?.get("name");
  if (name === undefined) {
    return { ok: false, why: "has no name: “Content-Disposition: form-data; name=…” is missing" };
  }
  if (name.length > MAX_NAME_CHARS) {
    return { ok: false, why: `has a name of more than ${MAX_NAME_CHARS.toLocaleString("en")} characters` };
  }
  const extended = parameters?.get("filename*");
  const filename =
    (extended === undefined ? undefined : extendedValue(extended)) ?? parameters?.get("filename");
  return {
    ok: true,
    name,
    filename: filename === undefined ? undefined : fileNameOf(filename),
    contentType: headers.get("content-type") ?? "",
  };
}

/** Browsers write names in UTF-8; what is none can only be an old client. */
function textOf(head: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(head);
  } catch {
    return new TextDecoder("windows-1252").decode(head);
  }
}

const PARAMETER = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\[\s\S])*)"|([^;]*))/g;

function parametersOf(disposition: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name = "", quoted, plain = ""] of disposition.matchAll(PARAMETER)) {
    const key = name.toLowerCase();
    if (parameters.has(key)) continue;
    // A backslash is one of a Windows path unless it stands before a quote; browsers write a quote as %22.
    const value = quoted === undefined ? plain.trim() : quoted.replaceAll('\\"', '"');
    parameters.set(
      key,
      value.replaceAll(/%(22|0A|0D)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    );
  }
  return parameters;
}

/** `UTF-8''na%C3%AFve.txt` (RFC 8187), or undefined when it is none. */
function extendedValue(text: string): string | undefined {
  const [, charset = "", encoded = ""] = /^([\w.:-]+)'[^']*'(.*)$/s.exec(text) ?? [];
  if (charset.toLowerCase() !== "utf-8") return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
