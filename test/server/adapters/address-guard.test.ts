// The guard's decisions, against a list of spellings and against a second implementation by number ranges.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAddressGuard, parseAllowList } from "../../../server/adapters/address-guard.ts";
import { Refused } from "../../../shared/problem.ts";
import { FORBIDDEN_HOSTS, PUBLIC_HOSTS } from "./hosts.ts";

const closed = createAddressGuard({ allow: [], resolve: async () => [{ address: "127.0.0.1", family: 4 }] });

describe("spellings", () => {
  test.each(FORBIDDEN_HOSTS)("http://%s is refused", async (host) => {
    const url = URL.parse(`http://${host}/`);
    if (url === null) return; // No URL at all: nothing to reach.
    await expect(closed.resolve(url.hostname, 80)).rejects.toThrow(Refused);
  });

  test.each(PUBLIC_HOSTS)("http://%s is allowed", async (host) => {
    const { hostname } = new URL(`http://${host}/`);
    await expect(closed.resolve(hostname, 80)).resolves.toHaveLength(1);
  });

  test("port 0 and numbers that are no port are refused", () => {
    for (const port of [0, -1, 65536, 1.5, Number.NaN]) {
      expect(() => closed.check("example.com", port)).toThrow(Refused);
      expect(closed.allows("93.184.216.34", port)).toBe(false);
    }
  });

  test("the refusal is the same sentence for every reason", async () => {
    const sentences = new Set<string>();
    for (const host of ["127.0.0.1", "[::1]", "localhost", "inside.example.test", "10.0.0.1"]) {
      const error = await closed.resolve(host, 80).catch((thrown: unknown) => thrown);
      if (!(error instanceof Refused)) throw new Error("not refused");
      sentences.add(JSON.stringify(error.problem).replace(host, "X"));
    }
    expect([...sentences]).toEqual([expect.stringContaining("ALLOW_NETWORKS")]);
  });

  test("octal, short and scoped forms that no URL gives are no address", () => {
    for (const text of ["0177.0.0.1", "127.1", "2130706433", "", "example.com", "1.2.3.4.5"]) {
      expect(closed.allows(text, 80)).toBe(false);
    }
    expect(closed.allows("fe80::1%eth0", 80)).toBe(false);
  });
});

describe("names", () => {
  const publicV4 = { address: "93.184.216.34", family: 4 };
  const publicV6 = { address: "2606:2800:21f:cb07:6820:80da:af6b:8b2c", family: 6 };
  const guardFor = (addresses: { address: string; family: number }[], allow: string[] = []) =>
    createAddressGuard({ allow, resolve: async () => addresses });

  test("a name with public addresses gives exactly these", async () => {
    await expect(guardFor([publicV4, publicV6]).resolve("a.test", 443)).resolves.toEqual([
      publicV4,
      publicV6,
    ]);
  });

  test.each(["127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "fd00:ec2::254"])(
    "one private address (%s) among public ones refuses them all",
    async (address) => {
      const family = address.includes(":") ? 6 : 4;
      for (const addresses of [
        [publicV4, publicV6, { address, family }],
        [{ address, family }, publicV4],
      ]) {
        await expect(guardFor(addresses).resolve("a.test", 443)).rejects.toThrow(Refused);
      }
    },
  );

  test("a name without addresses is refused", async () => {
    await expect(guardFor([]).resolve("a.test", 443)).rejects.toThrow(Refused);
  });

  test("localhost means this machine, without asking a resolver", async () => {
    const resolve = () => Promise.reject(new Error("asked"));
    const guard = createAddressGuard({ allow: ["127.0.0.1:8080"], resolve });
    for (const name of ["localhost", "localhost.", "LOCALHOST", "x.localhost"]) {
      await expect(guard.resolve(name, 8080)).resolves.toEqual([{ address: "127.0.0.1", family: 4 }]);
      await expect(guard.resolve(name, 8081)).rejects.toThrow(Refused);
    }
  });

  test("connections at the same moment share one look-up, later ones ask again", async () => {
    let asked = 0;
    const guard = createAddressGuard({
      allow: [],
      resolve: async () => {
        asked++;
        return [publicV4];
      },
    });
    await Promise.all([
      guard.resolve("a.test", 80),
      guard.resolve("a.test", 80),
      guard.resolve("a.test", 80),
    ]);
    expect(asked).toBe(1);
    await guard.resolve("a.test", 80);
    expect(asked).toBe(2);
  });

  test("the look-up for a socket gives all addresses or the first one, as it is asked", async () => {
    const guard = guardFor([publicV4, publicV6]);
    const ask = (all: boolean) =>
      new Promise((resolve, reject) => {
        guard.lookupFor(443)("a.test", { all }, (error, address, family) => {
          if (error) reject(error);
          else resolve([address, family]);
        });
      });
    await expect(ask(true)).resolves.toEqual([[publicV4, publicV6], undefined]);
    await expect(ask(false)).resolves.toEqual([publicV4.address, 4]);
  });

  test("ports without an own entry share one look-up function, and port 0 does not spoil it", async () => {
    const guard = guardFor([publicV4], ["10.0.0.1:25"]);
    guard.lookupFor(0);
    expect(guard.lookupFor(80)).toBe(guard.lookupFor(443));
    expect(guard.lookupFor(25)).not.toBe(guard.lookupFor(80));
    const error = await new Promise((resolve) => {
      guard.lookupFor(80)("a.test", {}, (lookupError) => resolve(lookupError));
    });
    expect(error).toBeNull();
  });
});

describe("the allow list", () => {
  test("opens a network, for all ports or for one", () => {
    const guard = createAddressGuard({
      allow: ["10.0.0.0/8", "127.0.0.1:2525", "[::1/128]:2525", "fd00::/8"],
    });
    expect(guard.allows("10.255.0.1", 5)).toBe(true);
    expect(guard.allows("::ffff:10.1.1.1", 5)).toBe(true);
    expect(guard.allows("11.0.0.1", 5)).toBe(true);
    expect(guard.allows("127.0.0.1", 2525)).toBe(true);
    expect(guard.allows("127.0.0.1", 80)).toBe(false);
    expect(guard.allows("127.0.0.2", 2525)).toBe(false);
    expect(guard.allows("::1", 2525)).toBe(true);
    expect(guard.allows("::1", 2526)).toBe(false);
    expect(guard.allows("fd12::1", 1)).toBe(true);
    expect(guard.allowsByPort("127.0.0.1", 2525)).toBe(true);
    expect(guard.allowsByPort("10.0.0.1", 25)).toBe(false);
  });

  test("reads entries apart by commas, spaces and lines", () => {
    expect(parseAllowList(" 10.0.0.0/8,127.0.0.1:25\n ::1  [fd00::/8]:443 ")).toMatchObject([
      { text: "10.0.0.0/8", bits: 8, port: undefined },
      { text: "127.0.0.1:25", bits: 32, port: 25 },
      { text: "::1", bits: 128, port: undefined },
      { text: "[fd00::/8]:443", bits: 8, port: 443 },
    ]);
    expect(parseAllowList("")).toEqual([]);
  });

  test.each([
    "10.0.0.0/33",
    "10.0.0.1/8",
    "::1/129",
    "10.0.0.0/8:0",
    "10.0.0.0/8:70000",
    "10.0.0.0/",
    "10.0.0",
    "010.0.0.0/8",
    "example.com",
    "localhost",
    "::ffff:10.0.0.0/104",
    "fe80::1%eth0",
    "[10.0.0.0",
    "::1/128:25",
    "*",
  ])("“%s” is an error that names it", (entry) => {
    expect(() => parseAllowList(`127.0.0.1 ${entry}`)).toThrow(`“${entry}”`);
  });
});

// ---- The second implementation: plain number ranges, written down anew.

const V4_CLOSED =
  "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
    .split(" ")
    .map((cidr) => rangeOf(cidr, 32, ([a = 0, b = 0, c = 0, d = 0]) => ((a * 256 + b) * 256 + c) * 256 + d));

// Network and prefix, the network as its leading groups.
const V6_CLOSED = (
  [
    ["", 96],
    ["0 0 0 0 ffff", 96],
    ["64 ff9b", 96],
    ["64 ff9b 1", 48],
    ["100", 64],
    ["2001", 23],
    ["2001 db8", 32],
    ["2002", 16],
    ["2620 4f 8000", 48],
    ["3fff", 20],
    ["5f00", 16],
    ["fc00", 7],
    ["fe80", 10],
    ["fec0", 10],
    ["ff00", 8],
  ] as const
).map(([groups, bits]): [bigint, bigint] => {
  const words = groups.split(" ");
  let first = 0n;
  for (let i = 0; i < 8; i++) first = (first << 16n) | BigInt(`0x${words[i] || "0"}`);
  return [first, first + (1n << BigInt(128 - bits)) - 1n];
});

function rangeOf(cidr: string, width: number, toNumber: (parts: number[]) => number): [bigint, bigint] {
  const [network = "", bits] = cidr.split("/");
  const first = BigInt(toNumber(network.split(".").map(Number)));
  return [first, first + (1n << BigInt(width - Number(bits))) - 1n];
}

const isIn = (ranges: [bigint, bigint][], n: bigint) => ranges.some(([a, b]) => n >= a && n <= b);
const v4Allowed = (n: bigint) => !isIn(V4_CLOSED, n);
const v6Allowed = (n: bigint) => (n >> 32n === 0xffffn ? v4Allowed(n & 0xffffffffn) : !isIn(V6_CLOSED, n));

/** Numbers everywhere, and often right at the edges of the closed ranges. */
function edgyNumber(ranges: [bigint, bigint][], max: bigint): fc.Arbitrary<bigint> {
  const edges = ranges.flatMap(([a, b]) => [a - 1n, a, b, b + 1n]).filter((n) => n >= 0n && n <= max);
  const inside = fc.constantFrom(...ranges).chain(([min, top]) => fc.bigInt({ min, max: top }));
  return fc.oneof(fc.bigInt({ min: 0n, max }), fc.constantFrom(...edges), inside);
}

const spellPart = (n: bigint, how: number) =>
  how === 0
    ? `${n}`
    : how === 1
      ? `0x${n.toString(16)}`
      : how === 2
        ? `0${n.toString(8)}`
        : `0X${n.toString(16).toUpperCase()}`;

/** 1 to 4 parts, each decimal, hex or octal; sometimes with the root's dot or in full-width digits. */
function spellV4(n: bigint, parts: number, hows: number[], dot: boolean, wide: boolean): string {
  const lead = Array.from({ length: parts - 1 }, (_, i) => (n >> BigInt(24 - 8 * i)) & 0xffn);
  const last = n & ((1n << BigInt(8 * (5 - parts))) - 1n);
  const text = [...lead, last].map((part, i) => spellPart(part, hows[i] ?? 0)).join(".") + (dot ? "." : "");
  return wide ? text.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))) : text;
}

function spellV6(n: bigint, zeros: boolean, upper: boolean, squeeze: number, dotted: boolean): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((n >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  const values = groups.map((group) => group === "0");
  let texts = zeros ? groups.map((group) => group.padStart(4, "0")) : groups;
  if (dotted) {
    const bytes = [24n, 16n, 8n, 0n].map((shift) => (n >> shift) & 0xffn);
    texts = [...texts.slice(0, 6), bytes.join(".")];
  }
  const limit = dotted ? 6 : 8;
  // `::` for the run of zeros that starts at or after `squeeze`, if there is one.
  const from = values.findIndex((zero, i) => zero && i >= squeeze && i < limit);
  let text = texts.join(":");
  if (from !== -1) {
    let to = from;
    while (to < limit && values[to]) to++;
    text = `${texts.slice(0, from).join(":")}::${texts.slice(to).join(":")}`;
  }
  return upper ? text.toUpperCase() : text;
}

describe("against number ranges", () => {
  const isAllowed = (host: string): boolean => {
    try {
      closed.check(new URL(`http://${host}/`).hostname, 80);
      return true;
    } catch (error) {
      if (error instanceof Refused) return false;
      throw error;
    }
  };

  test("IPv4 in any spelling", () => {
    fc.assert(
      fc.property(
        edgyNumber(V4_CLOSED, 0xffffffffn),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }),
        fc.boolean(),
        fc.boolean(),
        (n, parts, hows, dot, wide) => {
          expect(isAllowed(spellV4(n, parts, hows, dot, wide))).toBe(v4Allowed(n));
        },
      ),
      { numRuns: 5_000 },
    );
  });

  test("IPv6 in any spelling", () => {
    const mapped = edgyNumber(V4_CLOSED, 0xffffffffn).map((n) => (0xffffn << 32n) | n);
    fc.assert(
      fc.property(
        fc.oneof(
          { weight: 3, arbitrary: edgyNumber(V6_CLOSED, (1n << 128n) - 1n) },
          { weight: 1, arbitrary: mapped },
        ),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 0, max: 8 }),
        fc.boolean(),
        (n, zeros, upper, squeeze, dotted) => {
          expect(isAllowed(`[${spellV6(n, zeros, upper, squeeze, dotted)}]`)).toBe(v6Allowed(n));
        },
      ),
      { numRuns: 5_000 },
    );
  });
});
