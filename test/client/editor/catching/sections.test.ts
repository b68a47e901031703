// The parts of the catch settings without drawing: from settings to a form and back, what is wrong, and their words.

import { describe, expect, test } from "vitest";
import { answer } from "../../../../client/editor/catching/answer.ts";
import { lists, onlyIf } from "../../../../client/editor/catching/only-if.ts";
import { pressure } from "../../../../client/editor/catching/pressure.ts";
import { type CatchSection, isUsed, keyOf, problemsIn } from "../../../../client/editor/catching/section.ts";
import { twice } from "../../../../client/editor/catching/twice.ts";
import { needsSecret, who } from "../../../../client/editor/catching/who.ts";
import type { Values } from "../../../../client/form/form-values.ts";
import { CatchSettings } from "../../../../shared/catching.ts";
import { scheme, senders, viewOf } from "./fixtures.ts";

const sections = [who, twice, answer, onlyIf, lists, pressure];

const some: [CatchSection, Partial<CatchSettings>][] = [
  [who, { verification: { kind: "none" }, allowedAddresses: ["203.0.113.0/24", "2001:db8::1"] }],
  [who, { verification: { kind: "basic", user: "shop" } }],
  [who, { verification: { kind: "header", header: "x-token", bearer: false } }],
  [who, { verification: { kind: "header", header: "authorization", bearer: true } }],
  [who, { verification: { kind: "query", parameter: "key" } }],
  [who, { verification: { kind: "preset", preset: "stripe", toleranceSeconds: 60, settings: {} } }],
  [
    who,
    {
      verification: {
        kind: "preset",
        preset: "paypal",
        toleranceSeconds: null,
        settings: { webhookId: "WH-1" },
      },
    },
  ],
  [
    who,
    {
      verification: {
        kind: "jwt",
        header: "x-pass",
        key: "jwks",
        publicKey: "",
        jwksUrl: "https://example.com/keys",
        issuer: "https://example.com",
        audience: "shop",
      },
    },
  ],
  [who, { verification: { kind: "signature", scheme } }],
  [
    who,
    {
      verification: {
        kind: "signature",
        scheme: {
          ...scheme,
          signature: { in: "body", path: "meta.signature" },
          layout: { kind: "list", version: "v2" },
          signed: ["body"],
          timestamp: { in: "header", name: "x-time", or: "x-older-time" },
          toleranceSeconds: null,
          id: { in: "body", path: "meta.id" },
        },
      },
    },
  ],
  [
    who,
    {
      verification: {
        kind: "signature",
        scheme: {
          ...scheme,
          layout: { kind: "prefix", prefix: "sha256=" },
          timestamp: null,
          toleranceSeconds: null,
          id: null,
        },
      },
    },
  ],
  [twice, { dedupe: { by: "none" } }],
  [twice, { dedupe: { by: "header", header: "x-request-id" }, dedupeSeconds: 90 }],
  [twice, { dedupe: { by: "field", path: "order.id" }, dedupeSeconds: 3 * 86_400 }],
  [twice, { dedupe: { by: "body" }, dedupeSeconds: 7_200 }],
  [answer, { answer: { when: "at-once" }, cors: { allow: "none" } }],
  [
    answer,
    {
      answer: { when: "fixed", status: 418, headers: { "x-a": "1", "x-b": "two words" }, body: " {{x}}\n" },
      cors: { allow: "some", origins: ["https://shop.example.com"] },
    },
  ],
  [answer, { answer: { when: "finished" } }],
  [
    onlyIf,
    {
      onlyIf: {
        match: "any",
        rules: [
          { left: "body.status", op: "equals", right: "paid" },
          { left: "body.test", op: "notExists" },
        ],
      },
    },
  ],
  [lists, { splitList: { path: "" } }],
  [lists, { splitList: { path: "data.orders" } }],
  [
    pressure,
    {
      methods: ["POST"],
      maxBytes: 1_500,
      rate: { perSecond: 5, burst: 50 },
      atOnce: 3,
      oneAtATimeBy: "body.customer.id",
    },
  ],
];

describe("a part of the settings", () => {
  test.each(some)("$id is written back as it was read: %#", (section, part) => {
    const needs = part.verification !== undefined && needsSecret(part.verification, senders);
    const view = viewOf(part, { secrets: needs ? 1 : 0 });
    const values = section.read(view.settings);
    expect(problemsIn(section, values, view, senders)).toEqual({});
    const { part: written } = section.write(values, view, senders);
    expect(CatchSettings.parse({ ...viewOf().settings, ...written })).toEqual(view.settings);
    expect(section.write(values, view, senders)).not.toHaveProperty("secrets");
  });

  test.each(some)("$id counts as used when it differs from a new flow's: %#", (section, part) => {
    expect(isUsed(section, viewOf(part).settings)).toBe(true);
  });

  test.each(sections)(
    "$title of a new flow is not used, has nothing wrong, and stays as it is",
    (section) => {
      const view = viewOf();
      const values = section.read(view.settings);
      expect(isUsed(section, view.settings)).toBe(false);
      expect(problemsIn(section, values, view, senders)).toEqual({});
      expect({ ...view.settings, ...section.write(values, view, senders).part }).toEqual(view.settings);
    },
  );

  test("only its own settings are written", () => {
    const view = viewOf();
    const keys = sections.flatMap((section) =>
      Object.keys(section.write(section.read(view.settings), view, senders).part),
    );
    expect(keys.sort()).toEqual(Object.keys(view.settings).sort());
  });
});

describe("what holds, in words", () => {
  const said = (section: CatchSection, part: Partial<CatchSettings>, secrets = 1) =>
    section.words(viewOf(part, { secrets }), senders);
  const stripe = { kind: "preset", preset: "stripe", toleranceSeconds: null, settings: {} } as const;

  test("who may call it", () => {
    expect(said(who, {})).toBe("Anybody who knows the address may call it.");
    expect(said(who, { verification: stripe })).toBe("Only Stripe, signed.");
    expect(said(who, { verification: stripe, allowedAddresses: ["10.0.0.1"] })).toBe(
      "Only Stripe, signed. Only from 1 address.",
    );
    expect(said(who, { verification: { kind: "basic", user: "shop" } })).toBe(
      "Only who knows the password of “shop”.",
    );
  });

  test("a secret that is missing is said, as nothing comes through without it", () => {
    expect(said(who, { verification: stripe }, 0)).toMatch(
      /Its secret is missing, so every request is refused\.$/,
    );
    expect(said(who, {}, 0)).not.toMatch(/missing/);
  });

  test("a sender that is not known (any more) is called by its id", () => {
    const gone = { ...stripe, preset: "gone" };
    expect(said(who, { verification: gone })).toMatch(/^Only gone/);
  });

  test("the same thing twice", () => {
    expect(said(twice, {})).toBe("Every request counts, also one that came before.");
    expect(said(twice, { verification: stripe })).toBe("It runs once: told by Stripe’s own id, for 7 days.");
    expect(said(twice, { dedupe: { by: "field", path: "order.id" }, dedupeSeconds: 86_400 })).toBe(
      "It runs once: told by the field “order.id”, for 1 day.",
    );
    expect(said(twice, { dedupe: { by: "none" } })).toBe("Every request counts, also one that came before.");
  });

  test("one condition is said in full, several are counted", () => {
    const paid = { left: "body.status", op: "equals", right: "paid" } as const;
    expect(said(onlyIf, { onlyIf: { match: "all", rules: [paid] } })).toBe(
      "Only if “body.status” is “paid”.",
    );
    expect(said(onlyIf, { onlyIf: { match: "any", rules: [paid, paid] } })).toBe(
      "Only what fits any of 2 conditions runs.",
    );
  });

  test("how much", () => {
    expect(said(pressure, {})).toBe("It takes 300 requests a second, 3,000 in a rush.");
    expect(
      said(pressure, { methods: ["POST"], maxBytes: 2_048, atOnce: 1, oneAtATimeBy: "body.customer" }),
    ).toBe(
      "It takes only POST; at most 2 KB each; 300 requests a second, 3,000 in a rush. At most 1 run at a time. " +
        "One at a time for each “body.customer”, in order.",
    );
  });
});

describe("what is wrong", () => {
  const wrong = (section: CatchSection, changed: Values, view = viewOf()) =>
    Object.keys(problemsIn(section, { ...section.read(view.settings), ...changed }, view, senders));

  test("numbers that are none, too small, too large or broken", () => {
    expect(wrong(pressure, { "rate.perSecond": 0, "rate.burst": 1.5, atOnce: "many", maxBytes: -1 })).toEqual(
      ["maxBytes", "rate.perSecond", "rate.burst", "atOnce"],
    );
    expect(wrong(pressure, { methods: [] })).toEqual(["methods"]);
    expect(wrong(answer, { "answer.when": "fixed", "answer.status": 500 })).toEqual(["answer.status"]);
    expect(wrong(twice, { dedupeSeconds: { amount: 91, unit: "days" } })).toEqual(["dedupeSeconds"]);
  });

  test("a field that is not shown keeps nobody from saving", () => {
    expect(wrong(answer, { "answer.when": "auto", "answer.status": 999 })).toEqual([]);
    expect(wrong(twice, { "dedupe.by": "none", dedupeSeconds: "" })).toEqual([]);
    expect(wrong(onlyIf, { which: "all" })).toEqual([]);
  });

  test("a condition that looks at nothing, and a site that is a page", () => {
    expect(wrong(onlyIf, { which: "some" })).toEqual(["onlyIf"]);
    expect(wrong(answer, { "cors.allow": "some", "cors.origins": ["https://example.com/page"] })).toEqual([
      "cors.origins",
    ]);
  });

  test("a secret that is missing, unless one is kept for that sender", () => {
    const stripe = { kind: "preset", preset: "stripe", toleranceSeconds: null, settings: {} } as const;
    const kept = viewOf({ verification: stripe }, { secrets: 1 });
    expect(wrong(who, { sender: "preset:stripe" })).toEqual(["secret"]);
    expect(wrong(who, {}, kept)).toEqual([]);
    expect(wrong(who, { fate: "add" }, kept)).toEqual(["secret"]);
    expect(wrong(who, { sender: "preset:github" }, kept)).toEqual(["secret"]);
    expect(wrong(who, { sender: "none" }, kept)).toEqual([]);
  });
});

describe("secrets", () => {
  const stripe = { kind: "preset", preset: "stripe", toleranceSeconds: null, settings: {} } as const;
  const kept = viewOf({ verification: stripe }, { secrets: 2 });
  const sent = (changed: Values, view = kept) => {
    const { part: _, ...secrets } = who.write({ ...who.read(view.settings), ...changed }, view, senders);
    return secrets;
  };

  test("stay when nothing is typed", () => {
    expect(sent({})).toEqual({});
  });

  test("are added to, or replaced", () => {
    expect(sent({ fate: "add", secret: " whsec_new\n" })).toEqual({ addSecrets: ["whsec_new"] });
    expect(sent({ fate: "replace", secret: "whsec_new" })).toEqual({ secrets: ["whsec_new"] });
  });

  test("of one sender are never left to another", () => {
    expect(sent({ sender: "preset:github", fate: "add", secret: "new" })).toEqual({ secrets: ["new"] });
    expect(sent({ sender: "none" })).toEqual({ secrets: [] });
    expect(sent({ sender: "jwt", "verification.key": "jwks" })).toEqual({ secrets: [] });
  });

  test("are not sent for who needs none", () => {
    expect(sent({ sender: "none", secret: "typed before" }, viewOf())).toEqual({});
  });
});

describe("the place of a server's problem", () => {
  const keys = ["sender", "secret", "verification.header", "verification.scheme.timestamp.in", "onlyIf"];

  test.each([
    ["settings.verification.header", "verification.header"],
    ["settings.onlyIf.rules.0.left", "onlyIf"],
    ["settings.verification.scheme.timestamp", "verification.scheme.timestamp.in"],
    ["settings.verification.preset", "sender"],
    ["secrets.0", "secret"],
    ["addSecrets", "secret"],
    ["settings.rate.burst", undefined],
  ])("%s is at %s", (path, key) => {
    expect(keyOf(path, keys)).toBe(key);
  });
});
