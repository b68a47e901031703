// The bus inside one process.

import type { Bus, Movement } from "../ports/bus.ts";

export interface MemoryBusOptions {
  /** Told of every listener that throws. */
  onFailure?: (error: unknown) => void;
}

/** Messages arrive after the publisher's own turn is over: nobody runs in the middle of somebody else's work. */
export function createMemoryBus({ onFailure = () => {} }: MemoryBusOptions = {}): Bus {
  const subscriptions = new Set<{ listener: (movement: Movement) => void }>();
  return {
    publish(movement) {
      const message = { ...movement };
      for (const subscription of subscriptions) {
        queueMicrotask(() => {
          if (!subscriptions.has(subscription)) return;
          try {
            subscription.listener({ ...message });
          } catch (error) {
            onFailure(error);
          }
        });
      }
    },
    subscribe(listener) {
      const subscription = { listener };
      subscriptions.add(subscription);
      return () => {
        subscriptions.delete(subscription);
      };
    },
    async close() {
      subscriptions.clear();
    },
  };
}
