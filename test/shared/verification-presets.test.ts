// The providers that are known by name: complete, and each with a scheme that protects something.

import { describe, expect, test } from "vitest";
import { SignatureScheme, Verification } from "../../shared/verification.ts";
import { findPreset, VERIFICATION_PRESETS } from "../../shared/verification-presets.ts";
import { schemeProblem } from "../../shared/verification-scheme.ts";

const IDS =
  "standard-webhooks stripe github shopify slack twilio hubspot-v1 hubspot-v2 hubspot-v3 dropbox meta typeform calendly zoom microsoft-graph square paypal mailgun sendgrid intercom linear notion paddle discord".split(
    " ",
  );

test("all are there, each once, the open standard first and the others by name", () => {
  const ids = VERIFICATION_PRESETS.map(({ id }) => id);
  expect(ids.toSorted()).toEqual(IDS.toSorted());
  expect(ids[0]).toBe("standard-webhooks");
  const names = VERIFICATION_PRESETS.slice(1).map(({ name }) => name);
  expect(names).toEqual(names.toSorted((a, b) => a.localeCompare(b, "en")));
});

test("only those that are there are found", () => {
  for (const id of IDS) expect(findPreset(id)?.id).toBe(id);
  for (const id of ["acme", "", "constructor", "Stripe"]) expect(findPreset(id)).toBeUndefined();
});

describe.each(VERIFICATION_PRESETS)("$id", (preset) => {
  test("says in words what is signed, what the secret is called and where it is", () => {
    expect(preset.method).toMatch(/\.$/);
    expect(preset.secretLabel !== "" && preset.secretHelp !== "").toBe(preset.needsSecret);
    expect(preset.needsSecret || preset.settings.length > 0).toBe(true);
    expect(preset.source).toMatch(/^https:\/\/[\w.-]+\/\S+$/);
    expect(Verification.safeParse({ kind: "preset", preset: preset.id }).success).toBe(true);
  });

  test("names its headers in lower case", () => {
    const names = [...preset.headers, ...(preset.otherHeaders ?? []), preset.headerStarts?.name ?? ""];
    expect(names).toEqual(names.map((name) => name.toLowerCase()));
  });

  test("has a scheme that can be kept as it is, and protects something", () => {
    if (!preset.scheme) return expect(["paypal", "microsoft-graph"]).toContain(preset.id);
    expect(SignatureScheme.parse(preset.scheme)).toEqual(preset.scheme);
    expect(schemeProblem(preset.scheme)).toBeNull();
  });
});

describe("a scheme that lets others in is found out", () => {
  const good = findPreset("stripe")?.scheme;
  if (!good) throw new Error("Stripe is not there");
  const header = { in: "header", name: "x-time" } as const;

  test.each<[string, Partial<SignatureScheme>, string]>([
    ["a hash without the secret", { algorithm: "sha256", signed: ["body"] }, "signed"],
    ["nothing of the request", { signed: [{ text: "x" }], timestamp: null }, "signed"],
    ["only the secret", { algorithm: "sha256", signed: ["secret"], timestamp: null }, "signed"],
    ["a time that is not signed", { signed: ["body"], timestamp: header }, "signed"],
    [
      "a time in a body that is not signed",
      { signed: ["url"], timestamp: { in: "body", path: "t" } },
      "signed",
    ],
    ["a time that is nowhere", { timestamp: null }, "timestamp"],
    ["an id that is nowhere", { signed: ["id", "timestamp", "body"] }, "id"],
    ["a part of a signature without parts", { layout: { kind: "plain" } }, "layout"],
    ["a signature in itself", { signature: { in: "signature", name: "v1" } }, "signature"],
    [
      "a time in a signature that is in the body",
      { signature: { in: "body", path: "s" }, signed: ["timestamp"] },
      "layout",
    ],
    [
      "a signature in the body that it signs, and no time",
      { signature: { in: "body", path: "s" }, layout: { kind: "plain" }, signed: ["body"], timestamp: null },
      "signed",
    ],
    [
      "a public key as a secret",
      { algorithm: "ed25519", key: "hex", signed: ["secret", "body"], timestamp: null },
      "signed",
    ],
    ["a public key as text", { algorithm: "ed25519", key: "text" }, "key"],
  ])("%s", (_, change, field) => {
    expect(schemeProblem({ ...good, ...change })).toMatchObject({ code: "verification-unusable", field });
  });

  test("and what is right is not", () => {
    expect(schemeProblem(good)).toBeNull();
    expect(
      schemeProblem({ ...good, signed: ["body"], timestamp: header, toleranceSeconds: null }),
    ).toBeNull();
    expect(schemeProblem({ ...good, signed: ["body"], timestamp: { in: "body", path: "t" } })).toBeNull();
  });
});
