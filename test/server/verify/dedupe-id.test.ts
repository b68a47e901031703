// The id of what happened, wherever the provider puts it.

import { expect, test } from "vitest";
import { dedupeIdOf } from "../../../server/verify/verify.ts";
import { findPreset } from "../../../shared/verification-presets.ts";
import { caught } from "./requests.ts";

function idFor(id: string, headers: Record<string, string>, body: unknown = null, repeated: string[] = []) {
  const part = findPreset(id)?.dedupe;
  if (!part) throw new Error(`${id} has no id`);
  return dedupeIdOf(part, caught({ headers, repeated: new Set(repeated) }), body);
}

test("is read from a header, and from the other name that it has", () => {
  expect(idFor("github", { "x-github-delivery": "72d3162e" })).toBe("72d3162e");
  expect(idFor("standard-webhooks", { "webhook-id": "msg_1" })).toBe("msg_1");
  expect(idFor("standard-webhooks", { "svix-id": "msg_2" })).toBe("msg_2");
});

test("is read from the body, down to the field", () => {
  expect(idFor("stripe", {}, { id: "evt_1" })).toBe("evt_1");
  expect(idFor("mailgun", {}, { signature: { token: "t" } })).toBe("t");
  expect(dedupeIdOf({ in: "body", path: "items.1.id" }, caught(), { items: [{ id: 1 }, { id: 2 }] })).toBe(
    "2",
  );
});

test("is none when it is not there, came twice, or is no text and no number", () => {
  expect(idFor("github", {})).toBeNull();
  expect(idFor("github", { "x-github-delivery": "" })).toBeNull();
  expect(idFor("github", { "x-github-delivery": "a, b" }, null, ["x-github-delivery"])).toBeNull();
  for (const body of [
    null,
    {},
    "evt_1",
    { id: null },
    { id: "" },
    { id: ["a"] },
    { id: { a: 1 } },
    { id: true },
  ]) {
    expect(idFor("stripe", {}, body)).toBeNull();
  }
  expect(dedupeIdOf({ in: "signature", name: "t" }, caught(), {})).toBeNull();
});

test("is none when it is a number too long for this language: two of them would look the same", () => {
  const [one, other] = [JSON.parse('{"id":12345678901234567890}'), JSON.parse('{"id":12345678901234567891}')];
  expect(one).toEqual(other);
  expect(idFor("stripe", {}, one)).toBeNull();
  expect(idFor("stripe", {}, { id: 1.5 })).toBeNull();
});

test("of Shopify goes with the topic: one thing that a merchant does can have several", () => {
  const created = { "x-shopify-event-id": "e1", "x-shopify-topic": "orders/create" };
  const paid = { "x-shopify-event-id": "e1", "x-shopify-topic": "orders/paid" };
  expect(idFor("shopify", created)).toBe(idFor("shopify", { ...created }));
  expect(idFor("shopify", created)).not.toBe(idFor("shopify", paid));
  expect(idFor("shopify", { "x-shopify-event-id": "e1" })).toBeNull();
});
