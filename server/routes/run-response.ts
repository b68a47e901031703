// Sends what a flow answers to the caller of its catch URL.

import { type ServerResponse, validateHeaderName, validateHeaderValue } from "node:http";
import type { RunResponse } from "../../shared/run.ts";

/**
 * The flow's status, headers and body. Whatever the body is, a browser treats it as a page of nowhere: it comes from
 * the address that people sign in at.
 */
export function sendRunResponse(res: ServerResponse, response: RunResponse): void {
  for (const [name, value] of Object.entries(response.headers)) {
    if (isAllowed(name, value)) res.setHeader(name, value);
  }
  const bytes = Buffer.from(bodyText(res, response));
  if (bytes.byteLength > 0 && !res.hasHeader("content-type")) {
    const type = typeof response.body === "string" ? "text/plain" : "application/json";
    res.setHeader("Content-Type", `${type}; charset=utf-8`);
  }
  if (mayHaveBody(response.status)) res.setHeader("Content-Length", bytes.byteLength);
  if (!res.hasHeader("cache-control")) res.setHeader("Cache-Control", "no-store");
  res.setHeader("Content-Security-Policy", "sandbox; default-src 'none'");
  res.setHeader("X-Content-Type-Options", "nosniff");
  res.writeHead(response.status).end(bytes);
}

/** Text as it is, everything else as JSON. Under a JSON type, text that is no JSON yet is made JSON. */
function bodyText(res: ServerResponse, { status, body }: RunResponse): string {
  if (!mayHaveBody(status)) return "";
  const isJson = /[/+]json\b/i.test(String(res.getHeader("content-type") ?? ""));
  if (body === undefined || body === null) return isJson ? "null" : "";
  if (typeof body !== "string") return JSON.stringify(body);
  return isJson && !parses(body) ? JSON.stringify(body) : body;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function mayHaveBody(status: number): boolean {
  return status !== 204 && status !== 304;
}

/** Set here, or able to change more than this one answer. */
const OURS = [
  "access-control-allow-credentials",
  "access-control-allow-origin",
  "clear-site-data",
  "connection",
  "content-encoding",
  "content-length",
  "content-security-policy",
  "keep-alive",
  "refresh",
  "service-worker-allowed",
  "set-cookie",
  "strict-transport-security",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-content-type-options",
];

function isAllowed(name: string, value: string): boolean {
  if (OURS.includes(name.toLowerCase())) return false;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
