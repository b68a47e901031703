// What is kept where in MongoDB: the collections, and the indexes that their queries need.
//
// A document is `_id`, the fields that somebody asks by or that change one by one, and the rest as JSON text (`doc`,
// `event`, `draft`, …). So keys that are not ours (`$set`, `a.b`, NUL, `__proto__`) are never keys of a document,
// halves of surrogate pairs stay what they are, and a list parses no more than it shows.
//
// On a sharded cluster `runs` can be sharded by { flowId: 1, dedupeKey: 1 } and by nothing else: a unique index holds
// across shards only when it begins with the shard key, and that one is what makes an event one run. Writes of a run
// name its _id, so they ask every shard, and need MongoDB 7.1 or later there. By the run's id, or by hashed flowId,
// writes would find their shard, and one event could be accepted twice. `blobs` can be sharded by { owner: "hashed" }.

import mongoose, { type Model, type Connection as MongooseConnection, type SchemaDefinition } from "mongoose";
import type { Delivery } from "../../shared/delivery.ts";
import type { Flow } from "../../shared/flow.ts";
import type { RunStatus } from "../../shared/run.ts";
import type { MinuteCounts } from "../ports/store.ts";
import type { BlobRef, Packed } from "./mongo-blobs.ts";
import type { Text } from "./mongo-values.ts";

/** When something was inserted, to the order within a second: `createdAt` alone may be the same for two. */
export type Order = mongoose.Types.ObjectId;

export interface RunDoc {
  _id: string;
  workspaceId: string;
  flowId: string;
  versionId: string;
  status: RunStatus;
  fence: number;
  /** Left out when nobody has it in hand. */
  leaseUntil?: number;
  dedupeKey: Text;
  createdAt: number;
  /** When it was first claimed: at most one time, because a push that keeps the first is how to set it once. */
  started: number[];
  finishedAt: number | null;
  /** Left out when there is none: its index then holds only the runs that wait. */
  wakeAt?: number;
  replayOf: string | null;
  /** Left out when it stands in none. */
  lines?: Text[];
  problem: Packed | null;
  response: Packed | null;
  /** JSON of the event without its body. */
  event: string;
  summary: string;
  /** The body: its first 2 KB, which are searched, and what comes after. */
  start: Buffer;
  rest: Packed;
  /** How long the body of a request was; runs from before this was kept lack it. */
  bodyBytes?: number;
  /** About how much the run takes, with its steps. */
  bytes: number;
  /** The steps: see mongo-run-steps.ts. */
  pages: BlobRef[];
  tail: string[];
  tailBytes: number;
  /** The last change of state. A writer whose answer got lost finds out by it whether its change was made. */
  written: string;
}

export interface BlobDoc {
  /** `<blob>.<part>` */
  _id: string;
  owner: string;
  bytes: Buffer;
}

export interface FlowDoc {
  _id: string;
  order: Order;
  workspaceId: string;
  name: Text;
  draft: string;
  revision: number;
  status: Flow["status"];
  liveVersionId: string | null;
  catchKey: string;
  createdAt: number;
  updatedAt: number;
  /** JSON of how it catches; left out while nobody has changed that. */
  catching?: string;
  /** Gone for everybody; its runs are still being deleted. */
  removed: boolean;
  /** The last save of the draft: see `RunDoc.written`. */
  written: string;
}

export interface VersionDoc {
  _id: string;
  flowId: string;
  number: number;
  doc: string;
}

export interface SampleDoc {
  _id: string;
  order: Order;
  flowId: string;
  createdAt: number;
  pinned: boolean;
  /** JSON of the rest, its event without the body. */
  doc: string;
  raw: Packed;
}

/** A request that became no run. */
export interface DeliveryDoc {
  _id: string;
  workspaceId: string;
  flowId: string;
  at: number;
  verdict: Delivery["verdict"];
  /** JSON of the rest, without the body. */
  doc: string;
  summary: string;
  /** The body, as in a run. */
  start: Buffer;
  rest: Packed;
}

/** Its `_id` is the line's name. */
export interface LineDoc {
  _id: Text;
  /** In order of arrival. */
  runs: string[];
  /** How many these are. */
  places: number;
}

/** The samples of a flow that have a place among the pinned: one document, so that a place is taken or not. */
export interface PinsDoc {
  _id: string;
  samples: string[];
}

export interface ConnectionDoc {
  _id: string;
  order: Order;
  workspaceId: string;
  doc: string;
}

export interface UserDoc {
  _id: string;
  /** Unique, and 0 for the first user: there cannot be two of them. */
  seat: number;
  email: Text;
  doc: string;
}

export interface SessionDoc {
  _id: string;
  lastSeenAt: number;
  expiresAt: number;
  doc: string;
}

export interface TokenDoc {
  _id: string;
  order: Order;
  workspaceId: string;
  hash: string;
  lastUsedAt: number | null;
  doc: string;
}

export interface SettingDoc {
  _id: Text;
  value: Text;
}

/** Its `_id` is the minute. */
export type MinuteDoc = MinuteCounts & { _id: number };

/** Written to find out whether the disk takes writes. */
export interface PulseDoc {
  _id: string;
  beats: number;
}

export interface Models {
  runs: Model<RunDoc>;
  blobs: Model<BlobDoc>;
  flows: Model<FlowDoc>;
  versions: Model<VersionDoc>;
  samples: Model<SampleDoc>;
  pins: Model<PinsDoc>;
  deliveries: Model<DeliveryDoc>;
  lines: Model<LineDoc>;
  connections: Model<ConnectionDoc>;
  users: Model<UserDoc>;
  sessions: Model<SessionDoc>;
  tokens: Model<TokenDoc>;
  settings: Model<SettingDoc>;
  minutes: Model<MinuteDoc>;
  pulse: Model<PulseDoc>;
}

export interface Index {
  key: Record<string, 1>;
  unique?: true;
  sparse?: true;
}

/** By collection. An index that is not listed is never dropped: somebody may have made it for a reason. */
export const INDEXES: Record<keyof Models, Index[]> = {
  runs: [
    { key: { flowId: 1, dedupeKey: 1 }, unique: true },
    { key: { workspaceId: 1, createdAt: 1, _id: 1 } },
    { key: { workspaceId: 1, status: 1, createdAt: 1, _id: 1 } },
    { key: { flowId: 1, createdAt: 1, _id: 1 } },
    { key: { flowId: 1, status: 1, createdAt: 1, _id: 1 } },
    { key: { status: 1, createdAt: 1 } },
    { key: { wakeAt: 1 }, sparse: true },
  ],
  blobs: [{ key: { owner: 1 } }],
  flows: [{ key: { catchKey: 1 }, unique: true }, { key: { workspaceId: 1 } }, { key: { status: 1 } }],
  versions: [{ key: { flowId: 1, number: 1 }, unique: true }],
  samples: [{ key: { flowId: 1, createdAt: 1 } }],
  pins: [],
  deliveries: [
    { key: { workspaceId: 1, verdict: 1, at: 1, _id: 1 } },
    { key: { flowId: 1, verdict: 1, at: 1, _id: 1 } },
    { key: { at: 1 } },
  ],
  lines: [{ key: { runs: 1 } }],
  connections: [{ key: { workspaceId: 1 } }],
  users: [
    { key: { seat: 1 }, unique: true },
    { key: { email: 1 }, unique: true },
  ],
  sessions: [{ key: { expiresAt: 1 } }],
  tokens: [{ key: { hash: 1 }, unique: true }, { key: { workspaceId: 1 } }],
  settings: [],
  minutes: [],
  pulse: [],
};

/** The models on a connection. They say nothing of what documents hold: the interfaces above do, and `shared`. */
export function modelsOn(connection: MongooseConnection): Models {
  const model = <Doc>(name: keyof Models, _id: SchemaDefinition[string] = String): Model<Doc> =>
    connection.model<Doc>(
      name,
      new mongoose.Schema(
        { _id },
        { collection: name, versionKey: false, strict: false, strictQuery: false, minimize: false },
      ),
    );
  const { Mixed } = mongoose.Schema.Types;
  return {
    runs: model<RunDoc>("runs"),
    blobs: model<BlobDoc>("blobs"),
    flows: model<FlowDoc>("flows"),
    versions: model<VersionDoc>("versions"),
    samples: model<SampleDoc>("samples"),
    pins: model<PinsDoc>("pins"),
    deliveries: model<DeliveryDoc>("deliveries"),
    lines: model<LineDoc>("lines", Mixed),
    connections: model<ConnectionDoc>("connections"),
    users: model<UserDoc>("users"),
    sessions: model<SessionDoc>("sessions"),
    tokens: model<TokenDoc>("tokens"),
    settings: model<SettingDoc>("settings", Mixed),
    minutes: model<MinuteDoc>("minutes", Number),
    pulse: model<PulseDoc>("pulse"),
  };
}
