// What is too large for a document of its own goes into blobs, in parts: MongoDB takes no document over 16 MB, and
// writes a whole one again whenever a field of it changes.
//
// A blob is written before the document that names it, and never changes. So whoever reads the name finds the blob;
// one that nobody came to name is deleted with its owner, or found by `discardOrphans`.

import mongoose from "mongoose";
import type { MongoDatabase, Time } from "./mongo-database.ts";

export interface BlobRef {
  blob: string;
  size: number;
}

/** Bytes where they are, or where they are to be found. */
export type Packed = Buffer | BlobRef;

const PART = 4 * 1024 * 1024;
/** Bodies and answers up to this size stay in their document: nearly all of them. */
export const INLINE = 256 * 1024;
const READ_AT_ONCE = 8 * 1024 * 1024;
const ORPHAN_AGE_MS = 3_600_000;
const LOOKED_AT = 1_000;

export async function writeBlob(
  database: MongoDatabase,
  time: Time,
  owner: string,
  bytes: Uint8Array,
): Promise<BlobRef> {
  const blob = new mongoose.Types.ObjectId().toHexString();
  for (const _id of partsOf({ blob, size: bytes.byteLength })) {
    const from = Number(_id.slice(blob.length + 1)) * PART;
    await database.insert(time, database.models.blobs, {
      _id,
      owner,
      bytes: Buffer.from(bytes.subarray(from, from + PART)),
    });
  }
  return { blob, size: bytes.byteLength };
}

/** As they are when they are small, else written into a blob. */
export async function pack(
  database: MongoDatabase,
  time: Time,
  owner: string,
  bytes: Uint8Array,
): Promise<Packed> {
  return bytes.byteLength <= INLINE ? Buffer.from(bytes) : writeBlob(database, time, owner, bytes);
}

/** `null` and `undefined` are null. */
export async function packJson(
  database: MongoDatabase,
  time: Time,
  owner: string,
  value: unknown,
): Promise<Packed | null> {
  if (value === null || value === undefined) return null;
  return pack(database, time, owner, Buffer.from(JSON.stringify(value)));
}

export async function unpack(database: MongoDatabase, packed: Packed): Promise<Buffer> {
  if (Buffer.isBuffer(packed)) return packed;
  const [bytes] = await readBlobs(database, [packed]);
  return bytes ?? Buffer.alloc(0);
}

/** The type is what was given to `packJson` for this field. */
export async function unpackJson<T>(database: MongoDatabase, packed: Packed | null): Promise<T | null> {
  return packed === null ? null : JSON.parse((await unpack(database, packed)).toString());
}

/** In the given order. Throws `MissingBlob` when one is gone: then so is its owner, a moment ago. */
export async function readBlobs({ models }: MongoDatabase, refs: BlobRef[]): Promise<Buffer[]> {
  const read: Buffer[] = [];
  for (let from = 0; from < refs.length; ) {
    let to = from;
    let size = 0;
    while (to < refs.length && (to === from || size < READ_AT_ONCE)) size += refs[to++]?.size ?? 0;
    const group = refs.slice(from, to);
    const parts = new Map<string, Buffer>();
    const query = models.blobs.find({ _id: { $in: group.flatMap(partsOf) } }, { bytes: 1 });
    for (const { _id, bytes } of await query.lean()) parts.set(_id, bytes);
    for (const ref of group) {
      const found = partsOf(ref).flatMap((id) => parts.get(id) ?? []);
      if (found.length < partsOf(ref).length) throw new MissingBlob(ref);
      read.push(found.length === 1 && found[0] ? found[0] : Buffer.concat(found));
    }
    from = to;
  }
  return read;
}

export class MissingBlob extends Error {
  override name = "MissingBlob";
  constructor({ blob, size }: BlobRef) {
    super(`The blob ${blob} of ${size} bytes is not in the database.`);
  }
}

/** What came to nothing. It may fail: an orphan is found later. */
export async function discard({ models }: MongoDatabase, packed: (Packed | null)[]): Promise<void> {
  const parts = packed.flatMap((one) => (one === null || Buffer.isBuffer(one) ? [] : partsOf(one)));
  if (parts.length > 0) await models.blobs.deleteMany({ _id: { $in: parts } }).catch(() => {});
}

/** All blobs of owners that are gone. */
export async function deleteBlobsOf({ models }: MongoDatabase, owners: string[]): Promise<void> {
  if (owners.length > 0) await models.blobs.deleteMany({ owner: { $in: owners } });
}

/**
 * Deletes blobs whose owner does not exist: a process died between the two writes. Only old ones are looked at, since
 * the owner of a young one may be about to be written. A blob's name begins with its time.
 */
export async function discardOrphans({ models }: MongoDatabase, before: number): Promise<void> {
  const newest = Math.min(before, new mongoose.Types.ObjectId().getTimestamp().getTime() - ORPHAN_AGE_MS);
  const end = mongoose.Types.ObjectId.createFromTime(Math.max(0, Math.floor(newest / 1_000))).toHexString();
  let last = "";
  for (let seen = LOOKED_AT; seen === LOOKED_AT; ) {
    const parts = await models.blobs
      .find({ _id: { $gt: last, $lt: end } }, { owner: 1 })
      .sort({ _id: 1 })
      .limit(LOOKED_AT)
      .lean();
    const owners = [...new Set(parts.map(({ owner }) => owner))];
    const alive = await Promise.all([
      models.runs.find({ _id: { $in: owners } }, { _id: 1 }).lean(),
      models.samples.find({ _id: { $in: owners } }, { _id: 1 }).lean(),
      models.deliveries.find({ _id: { $in: owners } }, { _id: 1 }).lean(),
    ]);
    const known = new Set(alive.flat().map(({ _id }) => _id));
    const orphans = parts.filter(({ owner }) => !known.has(owner)).map(({ _id }) => _id);
    if (orphans.length > 0) await models.blobs.deleteMany({ _id: { $in: orphans } });
    last = parts.at(-1)?._id ?? last;
    seen = parts.length;
  }
}

function partsOf({ blob, size }: BlobRef): string[] {
  return Array.from({ length: Math.max(1, Math.ceil(size / PART)) }, (_, part) => `${blob}.${part}`);
}
