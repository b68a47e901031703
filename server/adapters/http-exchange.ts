// One request and its answer on an open pool: collects the bytes up to a limit, and undoes a compression up to the same.

import { promisify } from "node:util";
import * as zlib from "node:zlib";
import type { Dispatcher } from "undici";
import { gatherBytes } from "../../shared/gathered-bytes.ts";
import { Refused, TryLater } from "../../shared/problem.ts";
import type { Outgoing } from "./http-request.ts";

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** Ends an exchange from outside: its time is over, or whoever asked gave up. One exchange at a time looks at it. */
export interface Stop {
  /** Undefined while it may go on. */
  reason: unknown;
  /** Called when the reason is there. */
  ring: (() => void) | null;
}

// Of an error's or a redirect's body only the start is of use.
const ENOUGH = 64 * 1024;

/**
 * Sends it and gives the answer, whatever its status. The body of an error or of a redirect may be cut short: what
 * arrived of it says more than how it broke off. Rejects with the reason of `stop`, or with what went wrong.
 */
export async function exchange(
  dispatcher: Dispatcher,
  request: Outgoing,
  limits: { maxBytes: number; stop: Stop },
): Promise<Answer> {
  const raw = await collect(dispatcher, request, limits);
  const encoding = raw.headers["content-encoding"];
  if (encoding === undefined || raw.body.length === 0) return raw;
  try {
    return { ...raw, body: await decompress(raw.body, encoding, limits.maxBytes) };
  } catch (error) {
    if (isLoose(raw.status)) return { ...raw, body: new Uint8Array() };
    throw error;
  }
}

function collect(
  dispatcher: Dispatcher,
  request: Outgoing,
  { maxBytes, stop }: { maxBytes: number; stop: Stop },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let settled = false;
    let status = 0;
    let headers: Record<string, string> = {};
    const bytes = gatherBytes();

    const settle = (error?: unknown) => {
      if (settled) return;
      settled = true;
      stop.ring = null;
      if (error === undefined) resolve({ status, headers, body: bytes.join() });
      else reject(error);
    };
    const breakOff = (error: unknown) => {
      settle(isLoose(status) ? undefined : error);
      controller?.abort(error instanceof Error ? error : new Error("given up", { cause: error }));
    };

    if (stop.reason !== undefined) return reject(stop.reason);
    stop.ring = () => breakOff(stop.reason);
    dispatcher.dispatch(
      {
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: request.method,
        headers: request.headers,
        body: request.body,
        // The clock of the whole exchange is `stop`.
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      {
        onRequestStart(started) {
          controller = started;
          // Given up while it waited for a connection: it must not be sent any more.
          if (settled) started.abort(new Error("given up"));
        },
        onResponseStart(_, code, fields) {
          if (code < 200) return;
          status = code;
          headers = flattenHeaders(fields);
          if (isLoose(code) || request.method === "HEAD") return;
          if (Number(headers["content-length"]) > compressedLimit(maxBytes, headers)) {
            breakOff(tooLarge(maxBytes));
          }
        },
        onResponseData(_, chunk) {
          if (settled) return;
          bytes.add(chunk);
          const limit = isLoose(status) ? Math.min(ENOUGH, maxBytes) : compressedLimit(maxBytes, headers);
          if (bytes.size() > limit) breakOff(tooLarge(maxBytes));
        },
        onResponseEnd: () => settle(),
        onResponseError: (_, error) => settle(isLoose(status) ? undefined : error),
      },
    );
  });
}

/** May the body be incomplete? */
function isLoose(status: number): boolean {
  return status >= 300;
}

/** Bytes that can't be compressed grow a little by trying. */
function compressedLimit(maxBytes: number, headers: Record<string, string>): number {
  return headers["content-encoding"] === undefined ? maxBytes : maxBytes + maxBytes / 64 + 1024;
}

function flattenHeaders(fields: Record<string, string | string[] | undefined>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name in fields) {
    const value = fields[name];
    // the one name that is no name here
    if (value === undefined || name === "__proto__") continue;
    headers[name] = Array.isArray(value) ? value.join(name === "set-cookie" ? "\n" : ", ") : value;
  }
  return headers;
}

// Each stops at `maxOutputLength`, so a small answer can't unfold into a big one. They run off the main thread.
// A cut-off body of an error is still worth reading, hence the lenient end where there is one.
const gunzip = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.gunzip);
const inflate = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.inflate);
const inflateRaw = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.inflateRaw);
const brotli = promisify<zlib.InputType, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress);
const zstd = promisify<zlib.InputType, zlib.ZstdOptions, Buffer>(zlib.zstdDecompress);

async function decompress(body: Uint8Array, encoding: string, maxBytes: number): Promise<Uint8Array> {
  const limit = { maxOutputLength: Math.max(1, maxBytes) };
  try {
    switch (encoding.trim().toLowerCase()) {
      case "":
      case "identity":
        return body;
      case "gzip":
      case "x-gzip":
        return await gunzip(body, limit);
      case "deflate":
        // Some servers leave the zlib wrapper out; its first byte tells.
        return await (((body[0] ?? 0) & 0x0f) === 8 ? inflate(body, limit) : inflateRaw(body, limit));
      case "br":
        return await brotli(body, limit);
      case "zstd":
        return await zstd(body, limit);
    }
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(maxBytes);
    throw new TryLater(
      {
        code: "http-bad-answer",
        sentence: `The answer is said to be ${encoding}, but it can't be unpacked.`,
      },
      { cause: error, maybeDone: true },
    );
  }
  // Lists such as "gzip, gzip" too: unpacking again and again is what bombs are made of.
  throw new Refused({
    code: "http-bad-answer",
    sentence: `The answer is packed as “${encoding.slice(0, 80)}”, which can't be unpacked.`,
    hint: "Ask the other side for gzip, deflate, br or zstd, once.",
  });
}

function tooLarge(maxBytes: number): Refused {
  return new Refused({
    code: "http-too-large",
    sentence: `The answer is larger than ${describeSize(maxBytes)}.`,
    hint: "Ask for less at a time, for example for one page of a list.",
  });
}

function describeSize(bytes: number): string {
  if (bytes >= 1024 * 1024) return `${Math.round((bytes / 1024 / 1024) * 10) / 10} MB`;
  return bytes >= 1024 ? `${Math.round(bytes / 1024)} KB` : `${bytes} bytes`;
}
