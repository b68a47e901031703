// Every id and every secret of the program is made here.

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford base32, lower case

/** The kinds of things that have an id; the prefix says which, so that a stray id in a log explains itself. */
export type IdPrefix =
  | "ws"
  | "flow"
  | "ver"
  | "run"
  | "evt"
  | "smp"
  | "dlv"
  | "con"
  | "usr"
  | "ses"
  | "tok"
  | "step"
  | "edge"
  | "wrk";

/**
 * A new id such as `run_01jd3x…`: 48 bits of time (so that ids sort by age and indexes stay compact), then 80
 * random bits. `now` is milliseconds since 1970, from the clock port.
 */
export function newId(prefix: IdPrefix, now: number): string {
  let time = "";
  for (let rest = now, i = 0; i < 10; i++) {
    time = ALPHABET.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  let random = "";
  if (unused === pool.length) {
    crypto.getRandomValues(pool);
    unused = 0;
  }
  for (const end = unused + 16; unused < end; unused++) random += ALPHABET.charAt((pool[unused] ?? 0) % 32);
  return `${prefix}_${time}${random}`;
}

/** When an id was made, milliseconds since 1970; NaN for what is no id of ours. */
export function madeAt(id: string): number {
  let time = 0;
  for (const letter of id.slice(id.indexOf("_") + 1).slice(0, 10)) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0) return Number.NaN;
    time = time * 32 + digit;
  }
  return time;
}

/** Random bytes for many ids at a time: asking for sixteen costs as much as asking for thousands. */
const pool = new Uint8Array(16 * 256);
let unused = pool.length;

/** `bytes` random bytes as base64url text: for catch keys (24 bytes = 192 bits), sessions and tokens. */
export function newSecret(bytes = 24): string {
  const raw = crypto.getRandomValues(new Uint8Array(bytes));
  return btoa(String.fromCharCode(...raw))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
