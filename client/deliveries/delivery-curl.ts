// A delivery as a command for a terminal that sends the same again.

import type { DeliveryView } from "../api/deliveries.ts";
import { quoted } from "../flows/curl.ts";

export interface Curl {
  command: string;
  /** What was masked: the words in the command that have to be replaced first. */
  placeholders: string[];
}

/** curl makes these itself, proxies added them, or they speak of how the bytes travelled and not of the bytes. */
const LEFT_OUT =
  /^(host|content-length|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|content-encoding|accept-encoding|forwarded|via|x-forwarded-.+|x-real-ip)$/;
const MASKED = /•{3,}/;
/** Longer, a system does not take it as one word of a command; what the shell itself prints may have any length. */
const WORD_BYTES = 100_000;

export function curlOf(delivery: Pick<DeliveryView, "method" | "url" | "headers" | "text" | "base64">): Curl {
  const placeholders = new Set<string>();
  const placeholder = (name: string) => {
    const word = `PUT_${name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_")}_HERE`;
    placeholders.add(word);
    return word;
  };
  const body = bodyOf(delivery);
  const headers = Object.entries(delivery.headers).filter(([name]) => !LEFT_OUT.test(name));
  const url = filledUrl(delivery.url, placeholder);
  const lines = [
    `${body.before}curl -X ${quoted(delivery.method)} ${quoted(url)}`,
    // It would take brackets in an address for a range of addresses.
    ...(/[[\]{}]/.test(url) ? ["--globoff"] : []),
    ...headers.map(([name, value]) => `-H ${quoted(headerLine(name, value, placeholder))}`),
    // With a body and without a type curl says that it is a form.
    ...(body.argument.length > 0 && !("content-type" in delivery.headers)
      ? [`-H ${quoted("Content-Type:")}`]
      : []),
    ...body.argument,
  ];
  return { command: lines.join(" \\\n  "), placeholders: [...placeholders] };
}

function headerLine(name: string, value: string, placeholder: (name: string) => string): string {
  // A name and a colon alone would take the header away.
  if (value === "") return `${name};`;
  return `${name}: ${value.replaceAll(new RegExp(MASKED, "g"), () => placeholder(name))}`;
}

/** Only the query can hold what is masked; everything else of it stays as it came. */
function filledUrl(url: string, placeholder: (name: string) => string): string {
  const cut = url.indexOf("?");
  if (cut < 0) return url;
  const pairs = url
    .slice(cut + 1)
    .split("&")
    .map((pair) => {
      const [name, value] = [...new URLSearchParams(pair)][0] ?? ["", ""];
      return MASKED.test(value) ? `${pair.split("=")[0]}=${placeholder(name)}` : pair;
    });
  return `${url.slice(0, cut)}?${pairs.join("&")}`;
}

/** As one word where a shell and curl take it as it is; else by a pipe: a word that begins with @ names a file. */
function bodyOf({ text, base64 }: Pick<DeliveryView, "text" | "base64">): {
  before: string;
  argument: string[];
} {
  if (base64 === "") return { before: "", argument: [] };
  const piped = ["--data-binary @-"];
  const bytes = (base64.length / 4) * 3 - (/=*$/.exec(base64)?.[0].length ?? 0);
  // A mark of the byte order at the start is no part of the text, but of what was signed.
  if (text === null || !isPlain(text) || new TextEncoder().encode(text).length !== bytes)
    return { before: `printf %s ${quoted(base64)} | base64 -d | `, argument: piped };
  if (text.startsWith("@") || bytes > WORD_BYTES)
    return { before: `printf %s ${quoted(text)} | `, argument: piped };
  return { before: "", argument: [`--data-binary ${quoted(text)}`] };
}

/** Without characters that a terminal would act upon, or that no word of a command can hold. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 0x20 && code !== 0x0a && code !== 0x09) || (code >= 0x7f && code < 0xa0)) return false;
  }
  return true;
}
