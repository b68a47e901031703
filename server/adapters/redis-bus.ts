// The bus between processes: every message goes through one channel of Redis, also to those who listen where it began.

import type { Redis } from "ioredis";
import type { Bus, Movement } from "../ports/bus.ts";
import type { RedisAccess } from "./redis-connection.ts";

export interface RedisBusOptions {
  /** False where usually nobody listens: it begins to hear with its first listener, which may miss what is said just then. */
  hears?: boolean;
  /** Told of every listener that throws. */
  onFailure?: (error: unknown) => void;
}

/** A connection that only listens hears nothing when the other side is gone without a word: so it asks. */
const ASK_EVERY_MS = 10_000;
/** Under load so many milliseconds of movements make one message: every process hears every one. */
const GATHER_MS = 10;

/** Resolves when it hears what is published; or, should Redis go away meanwhile, when it hears it again. */
export async function openRedisBus(
  redis: RedisAccess,
  { hears = true, onFailure = () => {} }: RedisBusOptions = {},
): Promise<Bus> {
  const channel = `${redis.prefix}:moved`;
  const subscriptions = new Set<{ listener: (movement: Movement) => void }>();
  /** One JSON text each. The same one twice says nothing new. */
  const gathered = new Set<string>();
  let gathering: NodeJS.Timeout | undefined;
  let listening: Redis | undefined;
  let asking: NodeJS.Timeout | undefined;
  let isClosed = false;
  if (hears) await listen();

  async function listen(): Promise<void> {
    const connection = redis.open("listen");
    listening = connection;
    connection.on("message", (_, text: string) => {
      if (subscriptions.size > 0) text.split("\n").forEach(tell);
    });
    asking = setInterval(() => connection.ping().catch(() => {}), ASK_EVERY_MS);
    asking.unref();
    await connection.subscribe(channel);
  }

  function tell(line: string): void {
    for (const subscription of [...subscriptions]) {
      const movement = movementIn(line);
      if (movement === null || !subscriptions.has(subscription)) continue;
      try {
        subscription.listener(movement);
      } catch (error) {
        onFailure(error);
      }
    }
  }

  /** At once when it was quiet; what comes soon after goes together. */
  function send(): void {
    const text = [...gathered].join("\n");
    gathered.clear();
    gathering = setTimeout(() => {
      gathering = undefined;
      if (gathered.size > 0) send();
    }, GATHER_MS);
    gathering.unref();
    // A message that is lost costs a moment: who shows runs looks again by itself.
    redis.ask.publish(channel, text).catch(() => {});
  }

  return {
    publish(movement) {
      if (isClosed) return;
      gathered.add(JSON.stringify(movement));
      if (!gathering) send();
    },
    subscribe(listener) {
      const subscription = { listener };
      subscriptions.add(subscription);
      if (!listening && !isClosed) listen().catch(onFailure);
      return () => {
        subscriptions.delete(subscription);
      };
    },
    async close() {
      isClosed = true;
      if (gathered.size > 0) send();
      clearTimeout(gathering);
      subscriptions.clear();
      clearInterval(asking);
      listening?.disconnect();
    },
  };
}

/** Null for what no Flowcatch wrote, or a later one: the channel is open to others. */
function movementIn(text: string): Movement | null {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof read !== "object" || read === null) return null;
  const { kind, workspaceId, flowId, runId, sampleId, deliveryId } = { ...EMPTY, ...read };
  if (typeof workspaceId !== "string" || typeof flowId !== "string") return null;
  if (kind === "flow") return { kind, workspaceId, flowId };
  if (kind === "run" && typeof runId === "string") return { kind, workspaceId, flowId, runId };
  if (kind === "sample" && typeof sampleId === "string") return { kind, workspaceId, flowId, sampleId };
  if (kind === "delivery" && typeof deliveryId === "string") return { kind, workspaceId, flowId, deliveryId };
  return null;
}

const EMPTY: Record<"kind" | "workspaceId" | "flowId" | "runId" | "sampleId" | "deliveryId", unknown> = {
  kind: null,
  workspaceId: null,
  flowId: null,
  runId: null,
  sampleId: null,
  deliveryId: null,
};
