// MessagePack as data that JSON can hold.
//
// A reader of our own: a list may say that it has four billion items, and one that makes room for them before it has
// seen any gives a body of a thousand bytes gigabytes of memory. This one makes room for what is there.

import { MAX_DEPTH } from "../../shared/event.ts";

export type ReadMessagePack = { ok: true; body: unknown } | Refused;

interface Refused {
  ok: false;
  code: "malformed-messagepack" | "too-deep" | "too-many-parts";
  sentence: string;
}

const MAX_VALUES = 500_000;

/**
 * Whole numbers that JavaScript cannot hold exactly become text, bytes `{ bytes, base64 }`, a time ISO text, other
 * extensions `{ extension, bytes, base64 }`, and numbers that are none null. Names of a map that are numbers, truth
 * values or nothing become text.
 */
export function readMessagePack(raw: Uint8Array): ReadMessagePack {
  const cursor: Cursor = {
    bytes: Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength),
    at: 0,
    values: 0,
  };
  try {
    const body = readValue(cursor, 0);
    if (cursor.at < raw.byteLength)
      throw new Unreadable({ code: "malformed-messagepack" }, "there is more after its value");
    return { ok: true, body };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const sentence = `The MessagePack cannot be read: ${error.message} (at byte ${cursor.at}).`;
    return { ok: false, ...error.what, sentence };
  }
}

class Unreadable extends Error {
  readonly what: Pick<Refused, "code">;

  constructor(what: Pick<Refused, "code">, message: string) {
    super(message);
    this.what = what;
  }
}

interface Cursor {
  bytes: Buffer;
  at: number;
  values: number;
}

function readValue(cursor: Cursor, depth: number): unknown {
  if (++cursor.values > MAX_VALUES) {
    throw new Unreadable(
      { code: "too-many-parts" },
      `it has more than ${MAX_VALUES.toLocaleString("en")} values`,
    );
  }
  const head = readWhole(cursor, 1);
  if (head < 0x80) return head;
  if (head < 0x90) return readMap(cursor, head & 0x0f, depth);
  if (head < 0xa0) return readList(cursor, head & 0x0f, depth);
  if (head < 0xc0) return readText(cursor, head & 0x1f);
  if (head >= 0xe0) return head - 0x100;
  const read = BY_HEAD[head];
  if (!read)
    throw new Unreadable({ code: "malformed-messagepack" }, `0x${head.toString(16)} begins no value`);
  return read(cursor, depth);
}

type Read = (cursor: Cursor, depth: number) => unknown;

const BY_HEAD: Record<number, Read> = {
  192: () => null,
  194: () => false,
  195: () => true,
  196: (cursor) => readBytes(cursor, readWhole(cursor, 1)),
  197: (cursor) => readBytes(cursor, readWhole(cursor, 2)),
  198: (cursor) => readBytes(cursor, readWhole(cursor, 4)),
  199: (cursor) => readExtension(cursor, readWhole(cursor, 1)),
  200: (cursor) => readExtension(cursor, readWhole(cursor, 2)),
  201: (cursor) => readExtension(cursor, readWhole(cursor, 4)),
  202: (cursor) => finite(take(cursor, 4).readFloatBE()),
  203: (cursor) => finite(take(cursor, 8).readDoubleBE()),
  204: (cursor) => readWhole(cursor, 1),
  205: (cursor) => readWhole(cursor, 2),
  206: (cursor) => readWhole(cursor, 4),
  207: (cursor) => exact(take(cursor, 8).readBigUInt64BE()),
  208: (cursor) => take(cursor, 1).readInt8(),
  209: (cursor) => take(cursor, 2).readInt16BE(),
  210: (cursor) => take(cursor, 4).readInt32BE(),
  211: (cursor) => exact(take(cursor, 8).readBigInt64BE()),
  212: (cursor) => readExtension(cursor, 1),
  213: (cursor) => readExtension(cursor, 2),
  214: (cursor) => readExtension(cursor, 4),
  215: (cursor) => readExtension(cursor, 8),
  216: (cursor) => readExtension(cursor, 16),
  217: (cursor) => readText(cursor, readWhole(cursor, 1)),
  218: (cursor) => readText(cursor, readWhole(cursor, 2)),
  219: (cursor) => readText(cursor, readWhole(cursor, 4)),
  220: (cursor, depth) => readList(cursor, readWhole(cursor, 2), depth),
  221: (cursor, depth) => readList(cursor, readWhole(cursor, 4), depth),
  222: (cursor, depth) => readMap(cursor, readWhole(cursor, 2), depth),
  223: (cursor, depth) => readMap(cursor, readWhole(cursor, 4), depth),
};

function readList(cursor: Cursor, length: number, depth: number): unknown[] {
  const list: unknown[] = [];
  for (let i = 0; i < length; i++) list.push(readValue(cursor, deeper(depth)));
  return list;
}

function readMap(cursor: Cursor, length: number, depth: number): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  for (let i = 0; i < length; i++) entries.push([readName(cursor), readValue(cursor, deeper(depth))]);
  return Object.fromEntries(entries);
}

function deeper(depth: number): number {
  if (depth < MAX_DEPTH) return depth + 1;
  throw new Unreadable({ code: "too-deep" }, `it is nested more than ${MAX_DEPTH} levels deep`);
}

function readName(cursor: Cursor): string {
  const head = cursor.bytes[cursor.at] ?? 0;
  const holdsMore = (head >= 0x80 && head < 0xa0) || (head >= 0xdc && head <= 0xdf);
  if (holdsMore)
    throw new Unreadable({ code: "malformed-messagepack" }, "a map has a list or a map for a name");
  const name = readValue(cursor, 0);
  if (typeof name === "string") return name;
  return typeof name === "object" && name !== null && "base64" in name ? String(name.base64) : String(name);
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function readText(cursor: Cursor, length: number): string {
  const bytes = take(cursor, length);
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Unreadable({ code: "malformed-messagepack" }, "a text is not valid UTF-8");
  }
}

function readBytes(cursor: Cursor, length: number): { bytes: number; base64: string } {
  const bytes = take(cursor, length);
  return { bytes: length, base64: bytes.toString("base64") };
}

const TIMESTAMP = -1;

function readExtension(cursor: Cursor, length: number): unknown {
  const extension = take(cursor, 1).readInt8();
  const start = cursor.at;
  const content = readBytes(cursor, length);
  const time = extension === TIMESTAMP ? timeOf(cursor.bytes.subarray(start, cursor.at)) : undefined;
  return time ?? { extension, ...content };
}

/** Seconds in 4 bytes; with nanoseconds in 8 or 12. Undefined when it is none of these, or no time that ISO text has. */
function timeOf(bytes: Buffer): string | undefined {
  let nanoseconds = 0;
  let seconds: number;
  if (bytes.length === 4) seconds = bytes.readUInt32BE();
  else if (bytes.length === 8) {
    const both = bytes.readBigUInt64BE();
    nanoseconds = Number(both >> 34n);
    seconds = Number(both & 0x3ffffffffn);
  } else if (bytes.length === 12) {
    nanoseconds = bytes.readUInt32BE();
    seconds = Number(bytes.readBigInt64BE(4));
  } else return undefined;
  const date = new Date(seconds * 1_000 + Math.floor(nanoseconds / 1e6));
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function finite(number: number): number | null {
  return Number.isFinite(number) ? number : null;
}

function exact(number: bigint): number | string {
  const plain = Number(number);
  return Number.isSafeInteger(plain) ? plain : String(number);
}

function readWhole(cursor: Cursor, length: number): number {
  return take(cursor, length).readUIntBE(0, length);
}

function take(cursor: Cursor, length: number): Buffer {
  const end = cursor.at + length;
  if (end > cursor.bytes.length)
    throw new Unreadable({ code: "malformed-messagepack" }, "it stops in the middle");
  const bytes = cursor.bytes.subarray(cursor.at, end);
  cursor.at = end;
  return bytes;
}
