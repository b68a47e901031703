// What a sample is made of: the moment it is sent, ids that nobody used before, and how it is written down.

import { randomBytes, randomUUID } from "node:crypto";

/** One sending: the same sample sent twice has other ids, so that it is no duplicate. */
export interface Occasion {
  /** Milliseconds since 1970. */
  now: number;
  seconds: number;
  iso: string;
  /** Where it is sent. */
  url: string;
  /** Such as PayPal's webhook id. */
  settings: Record<string, string>;
  /** For those who write it into the body: Microsoft's client state. */
  secret: string;
  /** `evt_` and then letters and digits. */
  id(prefix: string, length?: number): string;
  digits(length: number): number;
  hex(length: number): string;
  uuid(): string;
}

/** A request as a provider makes it, before it is signed. */
export interface SenderSample {
  /** As the provider calls it: "invoice.paid". */
  event: string;
  /** What happened, for people. */
  name: string;
  /** Default: JSON. */
  writes?: "json" | "indented-json" | "json-line" | "form";
  /** Names in lower case, without the content type and what signing adds. */
  headers?: (occasion: Occasion) => Record<string, string>;
  body: (occasion: Occasion) => unknown;
  /** The delivery's id, where its look is the sender's own. */
  id?: (occasion: Occasion) => string;
}

export function occasionAt(given: Pick<Occasion, "now" | "url" | "settings" | "secret">): Occasion {
  const { now } = given;
  return {
    ...given,
    seconds: Math.floor(now / 1000),
    iso: new Date(now).toISOString(),
    id: (prefix, length = 24) => prefix + letters(length),
    // The first is no nought: as a number it would lose a digit.
    digits: (length) => Number(`${1 + (randomByte() % 9)}${manyDigits(length - 1)}`),
    hex: (length) =>
      randomBytes(Math.ceil(length / 2))
        .toString("hex")
        .slice(0, length),
    uuid: () => randomUUID(),
  };
}

const ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789";

function letters(length: number): string {
  return [...randomBytes(length)].map((byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

function manyDigits(length: number): string {
  return [...randomBytes(length)].map((byte) => byte % 10).join("");
}

function randomByte(): number {
  return randomBytes(1)[0] ?? 0;
}
