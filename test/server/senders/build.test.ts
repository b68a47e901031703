// Samples are what their senders send: accepted by the verifier as they are, and refused when one thing is different.

import { describe, expect, test } from "vitest";
import { buildSample } from "../../../server/senders/build.ts";
import { newKeyPair } from "../../../server/senders/key-pair.ts";
import { SENDER_SAMPLES, samplesOf } from "../../../server/senders/samples.ts";
import { dedupeKeyOf } from "../../../server/verify/dedupe-key.ts";
import { senderOf } from "../../../server/verify/recognise.ts";
import { createVerifier } from "../../../server/verify/verify.ts";
import { parseBody } from "../../../shared/event.ts";
import { findPreset, VERIFICATION_PRESETS } from "../../../shared/verification-presets.ts";
import { CATCH_URL, caught, caughtSample, NOW, presetVerification, secretsFor } from "../../kit/caught.ts";

const verifier = createVerifier({
  http: {
    send() {
      throw new Error("nothing has to be fetched for a sample");
    },
  },
});

const SIGNED = VERIFICATION_PRESETS.filter((preset) => preset.needsSecret);
const ALL = SIGNED.flatMap((preset) =>
  samplesOf(preset.id).map(({ event }) => ({ id: preset.id, event, preset, secret: secretsFor(preset) })),
);

describe("samples", () => {
  test("are there for every sender that is known, and for no other", () => {
    expect(Object.keys(SENDER_SAMPLES).sort()).toEqual(VERIFICATION_PRESETS.map(({ id }) => id).sort());
    for (const samples of Object.values(SENDER_SAMPLES)) {
      expect(samples.length).toBeGreaterThan(0);
      expect(new Set(samples.map(({ event }) => event)).size).toBe(samples.length);
    }
    for (const id of ["stripe", "github", "shopify", "slack"]) {
      expect(samplesOf(id).length, id).toBeGreaterThan(1);
    }
  });

  test("of a name that every object has are none", () => {
    expect(samplesOf("constructor")).toEqual([]);
  });

  test.each(ALL)("$id $event is accepted", async ({ id, event, secret }) => {
    const request = caughtSample(id, { event, secret: secret.signs });
    expect(await verifier.verify(presetVerification(id), [secret.checks], request)).toEqual({ kind: "ok" });
  });

  test.each(ALL)("$id $event is refused with another secret", async ({ id, event, preset, secret }) => {
    const request = caughtSample(id, { event, secret: secret.signs });
    const other =
      secret.signs === secret.checks ? "whsec_b3RoZXIgc2VjcmV0IG90aGVyIQ==" : secretsFor(preset).checks;
    const verified = await verifier.verify(presetVerification(id), [other], request);
    expect(verified.kind).toBe("refused");
  });

  // Microsoft signs nothing, and Mailgun signs its token alone.
  const covered = ALL.filter(({ id }) => id !== "microsoft-graph" && id !== "mailgun");
  test.each(covered)(
    "$id $event is refused with one byte of the body changed",
    async ({ id, event, secret }) => {
      const request = caughtSample(id, { event, secret: secret.signs });
      const raw = Uint8Array.from(request.raw);
      const middle = raw.byteLength >> 1;
      raw[middle] = (raw[middle] ?? 0) ^ 1;
      const verified = await verifier.verify(presetVerification(id), [secret.checks], { ...request, raw });
      expect(verified.kind).toBe("refused");
    },
  );

  const timed = ALL.filter(({ preset }) => preset.scheme?.toleranceSeconds);
  test.each(timed)("$id $event is refused a day later", async ({ id, event, secret }) => {
    const request = caughtSample(id, { event, secret: secret.signs });
    const late = { ...request, now: NOW + 86_400_000 };
    expect(await verifier.verify(presetVerification(id), [secret.checks], late)).toMatchObject({
      kind: "refused",
      problem: { code: "timestamp-off" },
    });
  });

  test.each(ALL)("$id $event is read as data, and sent twice it is no duplicate", ({ id, event, secret }) => {
    const [first, second] = [1, 2].map(() => {
      const request = caughtSample(id, { event, secret: secret.signs });
      const read = parseBody(request.raw, request.contentType);
      if (!read.ok) throw new Error(read.sentence);
      return dedupeKeyOf(
        { dedupe: { by: "preset" }, verification: presetVerification(id) },
        request,
        read.body,
      );
    });
    if (first !== null) expect(first).not.toBe(second);
  });

  test.each(ALL)("$id $event is recognised as its sender's", ({ id, event, secret }) => {
    const { headers, contentType, raw } = caughtSample(id, { event, secret: secret.signs });
    const summary = Buffer.from(raw.subarray(0, 2_000)).toString();
    expect(senderOf({ headers, contentType, summary })?.preset.id).toBe(id);
  });

  test.each(
    ["stripe", "github", "shopify", "calendly", "paddle", "square"].map((id) => ({
      id,
      preset: findPreset(id),
    })),
  )("$id: the event's name stands where the sender puts it", ({ id, preset }) => {
    if (!preset?.event) throw new Error("has no event");
    for (const { event } of samplesOf(id)) {
      const { headers, raw } = caughtSample(id, { event, secret: "s" });
      const found =
        preset.event.in === "header"
          ? headers[preset.event.name]
          : JSON.parse(Buffer.from(raw).toString())[preset.event.in === "body" ? preset.event.path : ""];
      expect(found).toBe(event);
    }
  });

  test("of SendGrid ends with the line break that is signed, too", async () => {
    const { secret, publicKey } = newKeyPair("sendgrid");
    const request = caughtSample("sendgrid", { secret });
    expect(Buffer.from(request.raw).toString()).toMatch(/\]\r\n$/);
    const trimmed = { ...request, raw: request.raw.subarray(0, -2) };
    expect((await verifier.verify(presetVerification("sendgrid"), [publicKey], trimmed)).kind).toBe(
      "refused",
    );
  });

  test("is the first one when nobody says which", () => {
    const built = buildSample("stripe", undefined, { secret: "s", url: CATCH_URL, now: NOW, settings: {} });
    expect(built).toMatchObject({ event: "invoice.paid", signedIn: "the header stripe-signature" });
  });
});

describe("what cannot be built", () => {
  const options = { secret: "s", url: CATCH_URL, now: NOW, settings: {} };
  test.each([
    ["acme", undefined, options, /No sender is called “acme”/],
    ["stripe", "invoice.pad", options, /no sample “invoice.pad” of Stripe, but there is invoice.paid/],
    ["stripe", undefined, { ...options, secret: "" }, /no secret to be Stripe with.*“Signing secret”/],
    ["paypal", undefined, options, /Only PayPal can sign as PayPal.*private key.*unsigned/],
    ["discord", undefined, { ...options, secret: "no key" }, /no private key, and Discord signs with one/],
    ["standard-webhooks", undefined, { ...options, secret: "whsec_!" }, /not written as Standard Webhooks/],
  ])("%s %s is said in a sentence", (preset, event, given, sentence) => {
    expect(() => buildSample(preset, event, given)).toThrow(sentence);
  });
});

describe("a sample that is not signed", () => {
  test.each(VERIFICATION_PRESETS.map(({ id }) => id))(
    "of %s can be sent, and is not accepted",
    async (id) => {
      const built = buildSample(id, undefined, {
        secret: "",
        url: CATCH_URL,
        now: NOW,
        settings: {},
        unsigned: true,
      });
      expect(built.signedIn).toBeNull();
      const request = caught({ headers: built.headers, raw: built.body });
      const preset = findPreset(id);
      const secret = preset?.needsSecret ? [secretsFor(preset).checks] : [];
      const verified = await verifier.verify(presetVerification(id), secret, request);
      expect(verified.kind).toBe("refused");
    },
  );
});

describe("a new key pair", () => {
  test.each(["discord", "sendgrid"])("of %s signs what its public key accepts", async (id) => {
    const { secret, publicKey } = newKeyPair(id);
    expect(secret).not.toBe(publicKey);
    const request = caughtSample(id, { secret });
    expect((await verifier.verify(presetVerification(id), [publicKey], request)).kind).toBe("ok");
  });

  test("of a sender that has none is refused", () => {
    expect(() => newKeyPair("stripe")).toThrow("Stripe does not sign with a key pair.");
  });
});
