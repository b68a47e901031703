// Whom deliveries come from is seen by what only one sender writes, and not made up where nothing tells.

import { describe, expect, test } from "vitest";
import { recognise, type SeenRequest } from "../../../server/verify/recognise.ts";
import { findPreset } from "../../../shared/verification-presets.ts";
import { caughtSample, secretsFor } from "../../kit/caught.ts";

function seen(id: string): SeenRequest {
  const preset = findPreset(id);
  if (!preset) throw new Error(`no preset ${id}`);
  const { headers, contentType, raw } = caughtSample(id, {
    secret: secretsFor(preset).signs,
    unsigned: !preset.needsSecret,
  });
  return { headers, contentType, summary: Buffer.from(raw.subarray(0, 2_000)).toString() };
}

const NOBODY: SeenRequest = {
  headers: { "user-agent": "curl/8.5.0", "x-request-id": "1" },
  contentType: "application/json",
  summary: '{"value":7}',
};

describe("the sender of deliveries", () => {
  test("is named with the reason and how many there were", () => {
    expect(recognise([seen("stripe"), seen("stripe"), NOBODY])).toEqual({
      preset: "stripe",
      name: "Stripe",
      because: "They carry the header stripe-signature.",
      deliveries: 2,
    });
  });

  test("is PayPal, though nobody here can sign as PayPal", () => {
    expect(recognise([seen("paypal")])?.preset).toBe("paypal");
  });

  test("is the one whose headers begin as they do, of two who sign in the same header", () => {
    expect(recognise([seen("github")])?.preset).toBe("github");
    expect(recognise([seen("meta")])).toMatchObject({
      preset: "meta",
      because: "They carry the header x-hub-signature-256, and user-agent begins with “facebook”.",
    });
    const unknown = { ...seen("meta").headers, "user-agent": "curl/8.5.0" };
    expect(recognise([{ ...NOBODY, headers: unknown }])).toBeNull();
  });

  test("is the newer way of two that are used at once", () => {
    const both = { ...seen("hubspot-v1").headers, ...seen("hubspot-v3").headers };
    expect(recognise([{ ...NOBODY, headers: both }])?.preset).toBe("hubspot-v3");
  });

  test("is known by its other names for headers", () => {
    const headers = { "svix-id": "msg_1", "svix-timestamp": "1", "svix-signature": "v1,x" };
    expect(recognise([{ ...NOBODY, headers }])?.preset).toBe("standard-webhooks");
  });

  test("is known by the fields of the body, where no header tells", () => {
    expect(recognise([{ ...seen("mailgun"), headers: {} }])?.preset).toBe("mailgun");
    expect(recognise([{ ...seen("microsoft-graph"), headers: {} }])).toMatchObject({
      preset: "microsoft-graph",
      because: "Their bodies have the fields value, subscriptionId and clientState.",
    });
  });

  test("is nobody for requests that tell nothing, and for none at all", () => {
    expect(recognise([NOBODY])).toBeNull();
    expect(recognise([])).toBeNull();
  });

  test("is the most frequent one, of equals the newest, and nobody when it is few of many", () => {
    expect(recognise([seen("github"), seen("stripe"), seen("stripe")])?.preset).toBe("stripe");
    expect(recognise([seen("github"), seen("stripe")])?.preset).toBe("github");
    expect(recognise([seen("github"), NOBODY, NOBODY])).toBeNull();
  });

  test("is not made of headers that every object has", () => {
    expect(recognise([{ ...NOBODY, headers: Object.create({ "stripe-signature": "t=1" }) }])).toBeNull();
  });
});
