// Lists of IP addresses and ranges: who may call a catch URL.

import ipaddr from "ipaddr.js";
import type { Problem } from "../../shared/problem.ts";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

interface Range {
  network: Address;
  bits: number;
}

/** Read once for each list: a flow's settings are the same object until they change. */
const read = new WeakMap<readonly string[], Range[]>();

/** Is the address in the list? An entry that cannot be read lets nobody in, and so does an address that cannot. */
export function addressIn(list: readonly string[], address: string): boolean {
  const asked = parseAddress(address);
  if (!asked) return false;
  let ranges = read.get(list);
  if (!ranges) {
    ranges = list.flatMap((entry) => parseEntry(entry) ?? []);
    read.set(list, ranges);
  }
  return ranges.some(({ network, bits }) => network.kind() === asked.kind() && asked.match(network, bits));
}

/** Names the first entry that is no address and no range. */
export function addressListProblem(list: readonly string[]): Problem | null {
  const bad = list.find((entry) => !parseEntry(entry));
  if (bad === undefined) return null;
  return {
    code: "address-list-invalid",
    sentence: `“${bad}” is no IP address and no range.`,
    hint: "Write an address (203.0.113.7, 2001:db8::1), or a range (203.0.113.0/24, 2001:db8::/32).",
    field: "allowedAddresses",
  };
}

/** IPv4 that came wrapped in IPv6 is IPv4. Octal, hexadecimal and shortened IPv4 are not read: others read them otherwise. */
function parseAddress(text: string): Address | undefined {
  const trimmed = text.trim();
  if (trimmed.includes(":") ? !ipaddr.IPv6.isValid(trimmed) : !ipaddr.IPv4.isValidFourPartDecimal(trimmed)) {
    return undefined;
  }
  return ipaddr.process(trimmed);
}

function parseEntry(entry: string): Range | undefined {
  const [text = "", bitsText, ...more] = entry.trim().split("/");
  if (more.length > 0) return undefined;
  const network = parseAddress(text);
  if (!network) return undefined;
  const most = network.kind() === "ipv4" ? 32 : 128;
  if (bitsText === undefined) return { network, bits: most };
  if (!/^\d{1,3}$/.test(bitsText)) return undefined;
  // of IPv4 that is wrapped in IPv6, the first 96 bits are the wrapping
  const bits = Number(bitsText) - (text.includes(":") && network.kind() === "ipv4" ? 96 : 0);
  return bits >= 0 && bits <= most ? { network, bits } : undefined;
}
