// Reads the body of a request to a catch URL: raw bytes, under a limit, also after decompression.

import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw, type ZlibOptions } from "node:zlib";
import { gatherBytes } from "../../shared/gathered-bytes.ts";
import type { Problem } from "../../shared/problem.ts";

export type Body =
  | { kind: "read"; raw: Uint8Array }
  | { kind: "refused"; status: 400 | 413 | 415; problem: Problem }
  /** The caller went away in the middle: there is nobody to answer, and no event. */
  | { kind: "gone" };

/** Whatever is refused leaves the rest of the request unread. */
export async function readBody(req: IncomingMessage, maxBytes: number): Promise<Body> {
  const unpack = decoderOf(req.headers["content-encoding"]);
  if (!unpack) return unknownEncoding(req.headers["content-encoding"]);
  if (Number(req.headers["content-length"] ?? 0) > maxBytes) return tooLarge(maxBytes);
  const packed = await collect(req, maxBytes);
  if (packed === "gone") return { kind: "gone" };
  if (packed === "too large") return tooLarge(maxBytes);
  if (unpack === "as it is" || packed.byteLength === 0) return { kind: "read", raw: packed };
  try {
    return { kind: "read", raw: await unpack(packed, { maxOutputLength: maxBytes }) };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE")
      return tooLarge(maxBytes);
    return {
      kind: "refused",
      status: 400,
      problem: {
        code: "malformed-encoding",
        sentence: `The body is not valid ${req.headers["content-encoding"]}: ${error instanceof Error ? error.message : error}.`,
        hint: "Nothing was stored. Send the body as it is, or pack it again.",
      },
    };
  }
}

type Unpack = (packed: Uint8Array, options: ZlibOptions) => Promise<Buffer>;

const gunzipAll: Unpack = promisify<Uint8Array, ZlibOptions, Buffer>(gunzip);
const unbrotli: Unpack = promisify<Uint8Array, ZlibOptions, Buffer>(brotliDecompress);
const inflateZlib: Unpack = promisify<Uint8Array, ZlibOptions, Buffer>(inflate);
const inflateBare: Unpack = promisify<Uint8Array, ZlibOptions, Buffer>(inflateRaw);

/** Some senders say deflate and leave zlib's two bytes away. */
const inflateEither: Unpack = (packed, options) =>
  ((packed[0] ?? 0) & 0x0f) === 8 ? inflateZlib(packed, options) : inflateBare(packed, options);

/** Undefined for an unknown encoding, and for two of them on top of each other. */
function decoderOf(encoding: string | undefined): Unpack | "as it is" | undefined {
  switch (encoding?.trim().toLowerCase() ?? "") {
    case "":
    case "identity":
      return "as it is";
    case "gzip":
    case "x-gzip":
      return gunzipAll;
    case "br":
      return unbrotli;
    case "deflate":
      return inflateEither;
    default:
      return undefined;
  }
}

/** By events, because leaving an async iterator early would cut the connection before the answer is out. */
function collect(req: IncomingMessage, maxBytes: number): Promise<Uint8Array | "too large" | "gone"> {
  return new Promise((resolve) => {
    const bytes = gatherBytes();
    const finish = (result: Uint8Array | "too large" | "gone") => {
      req.off("data", take).off("end", end).off("close", gone).off("error", gone);
      // An error that comes after the answer is nobody's.
      req.on("error", () => {});
      resolve(result);
    };
    const take = (chunk: Buffer) => {
      if (bytes.size() + chunk.byteLength > maxBytes) finish("too large");
      else bytes.add(chunk);
    };
    const end = () => finish(bytes.join());
    const gone = () => finish("gone");
    req.on("data", take).on("end", end).on("close", gone).on("error", gone);
  });
}

function tooLarge(maxBytes: number): Body {
  return {
    kind: "refused",
    status: 413,
    problem: {
      code: "too-large",
      sentence: `The body is larger than ${readable(maxBytes)}, after decompression.`,
      hint: "Nothing was stored. The MAX_BODY setting of the server sets this limit.",
    },
  };
}

function unknownEncoding(encoding: string | undefined): Body {
  return {
    kind: "refused",
    status: 415,
    problem: {
      code: "unsupported-encoding",
      sentence: `The content encoding “${encoding?.slice(0, 80)}” is not read here.`,
      hint: "Send the body as it is, or with one of gzip, br and deflate.",
    },
  };
}

function readable(bytes: number): string {
  return bytes >= 1024 ** 2 ? `${+(bytes / 1024 ** 2).toFixed(1)} MB` : `${+(bytes / 1024).toFixed(1)} kB`;
}
