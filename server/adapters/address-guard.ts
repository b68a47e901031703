// Decides which network addresses the server may reach on behalf of a flow.
//
//   URL or host name ── check() ── an IP literal or a port: decided at once
//          │
//          └─ connect ── lookupFor(port) ── every address the name has: all allowed, or none is used
//                              │
//                              └─ the socket gets exactly these addresses: no second look-up to rebind

import { promises as dns, type LookupAddress } from "node:dns";
import { isIP, isIPv4, isIPv6, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { Refused } from "../../shared/problem.ts";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** A network that the operator opens on purpose, for one port or for all. */
export interface AllowEntry {
  /** As it was written. */
  text: string;
  network: Address;
  bits: number;
  port: number | undefined;
}

export interface AddressGuard {
  /** May this address (an IP, no name) be reached at this port? */
  allows(address: string, port: number): boolean;
  /** Did the operator allow this address by an entry that names this very port? */
  allowsByPort(address: string, port: number): boolean;
  /** Throws `Refused` for an IP literal (as in `URL.hostname`) that is not allowed. A name passes: `lookupFor` decides. */
  check(host: string, port: number): void;
  /** All addresses of a name. Throws `Refused` if a single one is not allowed. */
  resolve(host: string, port: number): Promise<LookupAddress[]>;
  /** `resolve` in the shape of `dns.lookup`, for `net.connect`. The same function for every port without an own entry. */
  lookupFor(port: number): LookupFunction;
}

/** A name to all its addresses, as `dns.promises.lookup` with `all` gives them. */
export type Resolve = (host: string) => Promise<LookupAddress[]>;

/**
 * Public unicast addresses are allowed, and what `allow` opens: `"10.0.0.0/8"`, `"127.0.0.1/32:2525"`, `"::1"`,
 * `"[fd00::/8]:443"`. Everything else is refused with one and the same sentence.
 */
export function createAddressGuard(options: {
  allow: readonly (string | AllowEntry)[];
  resolve?: Resolve;
}): AddressGuard {
  const entries = options.allow.flatMap((entry) =>
    typeof entry === "string" ? parseAllowList(entry) : [entry],
  );
  const ask = shareWhileRunning(
    options.resolve ?? ((host) => dns.lookup(host, { all: true, order: "verbatim" })),
  );

  function allows(text: string, port: number): boolean {
    const address = parseAddress(text);
    if (address === undefined || !isUsablePort(port)) return false;
    return isPublic(address) || entries.some((entry) => matches(entry, address, port));
  }

  function allowsByPort(text: string, port: number): boolean {
    const address = parseAddress(text);
    if (address === undefined) return false;
    return entries.some((entry) => entry.port !== undefined && matches(entry, address, port));
  }

  function check(host: string, port: number): void {
    const literal = bareHost(host);
    if (!isUsablePort(port)) throw refuseAddress(host);
    if (isIP(literal) !== 0 && !allows(literal, port)) throw refuseAddress(host);
  }

  async function resolve(host: string, port: number): Promise<LookupAddress[]> {
    check(host, port);
    const name = bareHost(host);
    const family = isIP(name);
    if (family !== 0) return [{ address: name, family }];
    // Both names of this machine are the same machine: one allowed loopback address is enough.
    if (isLocalhost(name)) {
      const open = LOOPBACK.filter(({ address }) => allows(address, port));
      if (open.length === 0) throw refuseAddress(host);
      return open;
    }
    const addresses = await ask(name);
    // One private address among public ones is how a name is made to point inside: refuse them all.
    if (addresses.length === 0 || !addresses.every(({ address }) => allows(address, port))) {
      throw refuseAddress(host);
    }
    return addresses;
  }

  const namedPorts = new Set(entries.map((entry) => entry.port));
  const lookups = new Map<number | undefined, LookupFunction>();
  function lookupFor(port: number): LookupFunction {
    const key = namedPorts.has(port) || !isUsablePort(port) ? port : undefined;
    const known = lookups.get(key);
    if (known !== undefined) return known;
    const lookup: LookupFunction = (host, lookupOptions, callback) => {
      resolve(host, port).then(
        (addresses) => {
          const [first] = addresses;
          if (lookupOptions.all === true || first === undefined) callback(null, addresses);
          else callback(null, first.address, first.family);
        },
        (error) => callback(error, []),
      );
    };
    lookups.set(key, lookup);
    return lookup;
  }

  return { allows, allowsByPort, check, resolve, lookupFor };
}

/** The one refusal for every denied address: it must not tell what is there, or whether anything is. */
export function refuseAddress(host: string): Refused {
  return new Refused({
    code: "http-address-not-allowed",
    sentence: `The address “${host.slice(0, 253)}” is not allowed.`,
    hint: "Flows reach public addresses only. The person who runs this server can open a network with the ALLOW_NETWORKS setting.",
  });
}

/** Reads the ALLOW_NETWORKS setting: entries apart by commas or spaces. Throws an Error that names the wrong entry. */
export function parseAllowList(text: string): AllowEntry[] {
  return text
    .split(/[\s,]+/)
    .filter((part) => part !== "")
    .map(parseEntry);
}

/** A host as `URL.hostname` has it, without brackets and without the dot of the root. */
export function bareHost(host: string): string {
  const inner = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  return (inner.endsWith(".") ? inner.slice(0, -1) : inner).toLowerCase();
}

const LOOPBACK: LookupAddress[] = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 },
];

// Both count as unicast, and neither leads to the public internet: IPv4-compatible IPv6, and a cloud's own service.
const NEVER_PUBLIC = [ipaddr.parseCIDR("::/96"), ipaddr.parseCIDR("168.63.129.16/32")];

function isPublic(address: Address): boolean {
  if (address.range() !== "unicast") return false;
  return !NEVER_PUBLIC.some(([network, bits]) => inNetwork(address, network, bits));
}

function matches(entry: AllowEntry, address: Address, port: number): boolean {
  return (entry.port === undefined || entry.port === port) && inNetwork(address, entry.network, entry.bits);
}

function inNetwork(address: Address, network: Address, bits: number): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

function parseAddress(text: string): Address | undefined {
  // The strict parser of the platform first: ipaddr.js also reads octal and short forms.
  if (isIP(text) === 0) return undefined;
  // IPv4 inside IPv6 becomes the IPv4 that the network stack will use.
  return ipaddr.process(text.replace(/%.*$/, ""));
}

function isUsablePort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65536;
}

function isLocalhost(name: string): boolean {
  return name === "localhost" || name.endsWith(".localhost");
}

function parseEntry(text: string): AllowEntry {
  // 1 [v6 or v6/bits]:port   2 v4 or v4/bits, :port   3 v6 or v6/bits
  const parts =
    /^\[([^\]]+)\](?::(\d+))?$/.exec(text) ??
    /^([\d.]+(?:\/\d+)?)(?::(\d+))?$/.exec(text) ??
    /^([^[\]/]+(?:\/\d+)?)$/.exec(text);
  const [address = "", bitsText] = parts?.[1]?.split("/") ?? [];
  const bad = (why: string) => new Error(`ALLOW_NETWORKS: “${text}” ${why}`);
  if ((!isIPv4(address) && !isIPv6(address)) || address.includes("%")) {
    throw bad("is not a network. Write it as 10.0.0.0/8, 127.0.0.1:2525 or [fd00::/8]:443.");
  }
  const network = ipaddr.parse(address);
  if (network instanceof ipaddr.IPv6 && network.isIPv4MappedAddress()) {
    throw bad("is an IPv4 network in IPv6 clothes. Write it as plain IPv4.");
  }
  const widest = network.kind() === "ipv4" ? 32 : 128;
  const bits = bitsText === undefined ? widest : Number(bitsText);
  if (bits > widest) throw bad(`has a prefix longer than ${widest} bits.`);
  const start = firstOf(network, bits);
  if (start !== network.toString())
    throw bad(`is not the start of its network. Write ${start}/${bits}, or a longer prefix.`);
  const port = parts?.[2] === undefined ? undefined : Number(parts[2]);
  if (port !== undefined && !isUsablePort(port)) throw bad("has a port outside 1 to 65535.");
  return { text, network, bits, port };
}

function firstOf(network: Address, bits: number): string {
  const cidr = `${network.toString()}/${bits}`;
  return network.kind() === "ipv4"
    ? ipaddr.IPv4.networkAddressFromCIDR(cidr).toString()
    : ipaddr.IPv6.networkAddressFromCIDR(cidr).toString();
}

/** A burst of connections to one name asks once: the system's resolver has few threads. Nothing is kept afterwards. */
function shareWhileRunning(resolve: Resolve): Resolve {
  const running = new Map<string, Promise<LookupAddress[]>>();
  return (host) => {
    const known = running.get(host);
    if (known !== undefined) return known;
    const asked = resolve(host).finally(() => running.delete(host));
    running.set(host, asked);
    return asked;
  };
}
