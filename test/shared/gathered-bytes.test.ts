import fc from "fast-check";
import { expect, test } from "vitest";
import { gatherBytes } from "../../shared/gathered-bytes.ts";

/** Of every size that is treated differently. */
const piece = fc
  .tuple(fc.oneof(fc.nat(3), fc.nat(2_000), fc.constantFrom(1_023, 1_024, 65_535, 65_536)), fc.nat(255))
  .map(([size, byte]) => new Uint8Array(size).fill(byte));

test("what comes in pieces is the same as what comes at once", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
      const gathered = gatherBytes();
      for (const one of pieces) gathered.add(one);
      const whole = Buffer.concat(pieces);
      expect(gathered.size()).toBe(whole.byteLength);
      expect(whole.equals(gathered.join())).toBe(true);
    }),
  );
});

test("a single piece is not copied: most bodies are one", () => {
  const only = new Uint8Array([1, 2, 3]);
  const gathered = gatherBytes();
  gathered.add(only);
  expect(gathered.join()).toBe(only);
});

test("nothing is nothing", () => {
  expect(gatherBytes().join()).toEqual(new Uint8Array());
});

test("small pieces are not kept, each of which would keep all that was received with it", () => {
  const gathered = gatherBytes();
  gathered.add(new Uint8Array([1]));
  const received = new Uint8Array([2, 3]);
  gathered.add(received.subarray(0, 1));
  gathered.add(received.subarray(1));
  received.fill(9);
  expect([...gathered.join()]).toEqual([1, 2, 3]);
});

test("small and large pieces by turns take no more room than they have bytes", () => {
  const gathered = gatherBytes();
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 5_000; i++) {
    gathered.add(new Uint8Array(1));
    gathered.add(new Uint8Array(1_024));
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(3 * gathered.size());
});
