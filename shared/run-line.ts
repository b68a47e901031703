// A line is a row of runs that go on one after the other. Its name says whose it is and how many may be under way.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** `key` is what they have in common; null: that they are of the flow. */
export function lineName(flowId: string, atOnce: number, key: string | null): string {
  return `${flowId}:${atOnce}:${key === null ? "" : bytesToHex(sha256(new TextEncoder().encode(key))).slice(0, 32)}`;
}

/** How many of those that stand in it may be under way. */
export function atOnceIn(line: string): number {
  return Number(line.split(":")[1]);
}
