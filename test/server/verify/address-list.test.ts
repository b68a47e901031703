// Addresses and ranges of those who may call.

import { expect, test } from "vitest";
import { addressIn, addressListProblem } from "../../../server/verify/address-list.ts";

test.each([
  ["203.0.113.7", "203.0.113.7", true],
  ["203.0.113.7", "203.0.113.8", false],
  ["203.0.113.7/32", "203.0.113.7", true],
  ["203.0.113.0/24", "203.0.113.255", true],
  ["203.0.113.0/24", "203.0.114.0", false],
  ["203.0.113.9/24", "203.0.113.1", true],
  ["0.0.0.0/0", "198.51.100.1", true],
  ["0.0.0.0/0", "2001:db8::1", false],
  ["203.0.113.7", "::ffff:203.0.113.7", true],
  ["203.0.113.0/24", "::ffff:cb00:7107", true],
  ["::ffff:203.0.113.7", "203.0.113.7", true],
  ["::ffff:203.0.113.0/120", "203.0.113.9", true],
  ["::ffff:203.0.113.0/120", "203.0.114.9", false],
  ["::ffff:cb00:7100/120", "203.0.113.9", true],
  ["2001:db8::/32", "2001:db8:ffff::1", true],
  ["2001:db8::/32", "2001:db9::1", false],
  ["2001:DB8::1", "2001:db8:0:0::1", true],
  ["::/0", "2001:db8::1", true],
  ["::/0", "203.0.113.7", false],
  ["203.0.113.7", "", false],
  ["203.0.113.7", "unknown", false],
  ["203.0.113.7", "0313.0.113.7", false],
  ["203.0.113.7", "3405803783", false],
  ["nonsense", "203.0.113.7", false],
])("of the list [%s], %s is in it: %s", (entry, address, is) => {
  expect(addressIn([entry], address)).toBe(is);
  expect(addressIn(["192.0.2.1", entry], address)).toBe(is);
});

test("an empty list has nobody in it", () => {
  expect(addressIn([], "203.0.113.7")).toBe(false);
});

test.each([
  "203.0.113",
  "203.0.113.256",
  "203.0.113.0/33",
  "203.0.113.0/",
  "203.0.113.0/-1",
  "203.0.113.0/24/1",
  "203.0.113.0/2e1",
  "2001:db8::/129",
  "::ffff:203.0.113.0/95",
  "0x7f.1",
  "010.0.0.1",
  "example.com",
  "",
  "203.0.113.1-203.0.113.9",
  "*",
])("the entry %j is named as wrong", (entry) => {
  expect(addressListProblem(["203.0.113.7", entry])).toMatchObject({
    code: "address-list-invalid",
    sentence: `“${entry}” is no IP address and no range.`,
  });
});

test("a list without such an entry is right", () => {
  expect(
    addressListProblem(["203.0.113.7", " 203.0.113.0/24 ", "2001:db8::/32", "::1", "::ffff:203.0.113.0/120"]),
  ).toBeNull();
  expect(addressListProblem([])).toBeNull();
});
