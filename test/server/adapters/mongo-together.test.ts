// Reads that are made together: who is answered by which, when one fails, and when one hangs.

import { expect, it, vi } from "vitest";
import { readTogether } from "../../../server/adapters/mongo-together.ts";

/** Every read waits to be answered by hand. */
function byHand() {
  const reads: (PromiseWithResolvers<Map<string, string>> & { keys: string[] })[] = [];
  const read = readTogether<string>((keys) => {
    const one = { ...Promise.withResolvers<Map<string, string>>(), keys };
    reads.push(one);
    return one.promise;
  });
  return { reads, read };
}

it("answers everybody who asked while a read was under way by one more, and nobody by that one", async () => {
  const { reads, read } = byHand();
  const first = read("a");
  const later = ["a", "b", "a", "c"].map(read);
  expect(reads.map(({ keys }) => keys)).toEqual([["a"]]);
  reads[0]?.resolve(new Map([["a", "old"]]));
  expect(await first).toBe("old");
  await vi.waitFor(() => expect(reads).toHaveLength(2));
  expect(reads[1]?.keys).toEqual(["a", "b", "c"]);
  reads[1]?.resolve(new Map(["a", "b"].map((key) => [key, `new ${key}`])));
  expect(await Promise.all(later)).toEqual(["new a", "new b", "new a", undefined]);
  const again = read("a");
  expect(reads).toHaveLength(3);
  reads[2]?.resolve(new Map());
  expect(await again).toBeUndefined();
});

it("tells those alone of a failure whose read it was", async () => {
  const { reads, read } = byHand();
  const first = read("a");
  const second = read("a");
  reads[0]?.reject(new Error("gone"));
  await expect(first).rejects.toThrow("gone");
  await vi.waitFor(() => expect(reads).toHaveLength(2));
  reads[1]?.resolve(new Map([["a", "back"]]));
  expect(await second).toBe("back");
});

it("does not wait for a read that hangs, and takes its answer when it comes after all", async () => {
  const { reads, read } = byHand();
  const first = read("a");
  const second = read("a");
  await vi.waitFor(() => expect(reads).toHaveLength(2));
  reads[1]?.resolve(new Map([["a", "quick"]]));
  expect(await second).toBe("quick");
  reads[0]?.resolve(new Map([["a", "slow"]]));
  expect(await first).toBe("slow");
});
