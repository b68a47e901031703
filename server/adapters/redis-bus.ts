// The bus between processes: every message goes through one channel of Redis, also to those who listen where it began.

import type { Bus, Movement } from "../ports/bus.ts";
import type { RedisAccess } from "./redis-connection.ts";

export interface RedisBusOptions {
  /** Told of every listener that throws. */
  onFailure?: (error: unknown) => void;
}

/** A connection that only listens hears nothing when the other side is gone without a word: so it asks. */
const ASK_EVERY_MS = 10_000;

/** Resolves when it hears what is published; or, should Redis go away meanwhile, when it hears it again. */
export async function openRedisBus(
  redis: RedisAccess,
  { onFailure = () => {} }: RedisBusOptions = {},
): Promise<Bus> {
  const channel = `${redis.prefix}:moved`;
  const listening = redis.open("listen");
  const subscriptions = new Set<{ listener: (movement: Movement) => void }>();
  let isClosed = false;

  listening.on("message", (_, text: string) => {
    for (const subscription of [...subscriptions]) {
      const movement = movementIn(text);
      if (movement === null || !subscriptions.has(subscription)) continue;
      try {
        subscription.listener(movement);
      } catch (error) {
        onFailure(error);
      }
    }
  });
  await listening.subscribe(channel);
  const asking = setInterval(() => listening.ping().catch(() => {}), ASK_EVERY_MS);
  asking.unref();

  return {
    publish(movement) {
      if (isClosed) return;
      // A message that is lost costs a moment: who shows runs looks again by itself.
      redis.ask.publish(channel, JSON.stringify(movement)).catch(() => {});
    },
    subscribe(listener) {
      const subscription = { listener };
      subscriptions.add(subscription);
      return () => {
        subscriptions.delete(subscription);
      };
    },
    async close() {
      isClosed = true;
      subscriptions.clear();
      clearInterval(asking);
      listening.disconnect();
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
  const { kind, workspaceId, flowId, runId, sampleId } = { ...EMPTY, ...read };
  if (typeof workspaceId !== "string" || typeof flowId !== "string") return null;
  if (kind === "flow") return { kind, workspaceId, flowId };
  if (kind === "run" && typeof runId === "string") return { kind, workspaceId, flowId, runId };
  if (kind === "sample" && typeof sampleId === "string") return { kind, workspaceId, flowId, sampleId };
  return null;
}

const EMPTY: Record<"kind" | "workspaceId" | "flowId" | "runId" | "sampleId", unknown> = {
  kind: null,
  workspaceId: null,
  flowId: null,
  runId: null,
  sampleId: null,
};
