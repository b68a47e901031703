// How a catch URL catches: who may call it, what counts as the same thing twice, what it answers, how much at a time.
//
// These settings belong to the flow and count at once; they are not part of its versions.

import { z } from "zod";
import { Conditions } from "./field.ts";
import { Verification } from "./verification.ts";

export const CATCH_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** What tells that two deliveries are the same thing. */
export const Dedupe = z.discriminatedUnion("by", [
  z.object({ by: z.literal("none") }),
  /** The provider's own id, when verification is a preset that has one; else none. */
  z.object({ by: z.literal("preset") }),
  z.object({ by: z.literal("header"), header: z.string().trim().toLowerCase().min(1).max(100) }),
  z.object({
    by: z.literal("field"),
    path: z.string().trim().min(1).max(200).describe("`order.id` in the body"),
  }),
  z.object({ by: z.literal("body") }),
]);
export type Dedupe = z.infer<typeof Dedupe>;

/** What the sender hears. */
export const CatchAnswering = z.discriminatedUnion("when", [
  /** By the flow's Respond step when it has one, else at once. */
  z.object({ when: z.literal("auto") }),
  z.object({ when: z.literal("at-once") }),
  z.object({
    when: z.literal("fixed"),
    status: z.number().int().min(200).max(499),
    headers: z.record(z.string().min(1).max(100), z.string().max(2_000)).default({}),
    body: z.string().max(20_000).default("").describe("a template: `{{trigger.body.challenge}}`"),
  }),
  /** When the run has ended, with its result; after 30 seconds 202 with the status URL. */
  z.object({ when: z.literal("finished") }),
]);
export type CatchAnswering = z.infer<typeof CatchAnswering>;

export const CatchSettings = z
  .object({
    verification: Verification.default({ kind: "none" }),
    allowedAddresses: z
      .array(z.string().trim().min(2).max(50))
      .max(100)
      .default([])
      .describe("IP addresses and CIDR ranges that may call it; empty: all"),
    methods: z
      .array(z.enum(CATCH_METHODS))
      .min(1)
      .default([...CATCH_METHODS]),
    maxBytes: z.number().int().min(1).nullable().default(null).describe("null: the server's limit"),
    dedupe: Dedupe.default({ by: "preset" }),
    dedupeSeconds: z
      .number()
      .int()
      .min(1)
      .max(90 * 86_400)
      .default(7 * 86_400),
    /** Only when it holds a run is started; `left` of a rule is a path such as `body.status`. */
    onlyIf: Conditions.nullable().default(null),
    /** A body that is a list (or has one at `path`): one run for each of its items. */
    splitList: z
      .object({ path: z.string().trim().max(200) })
      .nullable()
      .default(null),
    answer: CatchAnswering.default({ when: "auto" }),
    cors: z
      .discriminatedUnion("allow", [
        z.object({ allow: z.literal("all") }),
        z.object({ allow: z.literal("none") }),
        z.object({
          allow: z.literal("some"),
          origins: z.array(z.string().trim().min(8).max(200)).min(1).max(50),
        }),
      ])
      .default({ allow: "all" }),
    rate: z
      .object({
        perSecond: z.number().int().min(1).max(100_000),
        burst: z.number().int().min(1).max(1_000_000),
      })
      .default({ perSecond: 300, burst: 3_000 }),
    /** How many of its runs are under way at a time; null: any number. A run is under way until it has ended. */
    atOnce: z.number().int().min(1).max(1_000).nullable().default(null),
    /** One at a time of those that have the same value at this path (`body.customer.id`), in order of arrival. */
    oneAtATimeBy: z.string().trim().min(1).max(200).nullable().default(null),
  })
  .meta({ id: "CatchSettings" });
export type CatchSettings = z.infer<typeof CatchSettings>;

/** As a new flow has them. */
export const DEFAULT_CATCH_SETTINGS: CatchSettings = CatchSettings.parse({});
