// What the processes of a benchmark say to each other.

import { z } from "zod";

/** A program that listens says so once. */
export const Ready = z.object({ url: z.string() });

const Common = {
  /** In turn, when there are several; of one origin. */
  urls: z.array(z.string()).min(1),
  headers: z.record(z.string(), z.string()),
  /** Each request carries the base64 of its body's HMAC-SHA256, and an id that no other has. */
  sign: z.object({ secret: z.string(), header: z.string(), idHeader: z.string() }).optional(),
  round: z.number(),
  connections: z.number(),
  seconds: z.number(),
};

export const LoadOrder = z.discriminatedUnion("kind", [
  /** Every connection sends its next request when the last one is answered. */
  z.object({ kind: z.literal("closed"), ...Common }),
  /** Requests are due at fixed times, whether or not the last ones are answered; waiting counts from then. */
  z.object({ kind: z.literal("open"), ...Common, perSecond: z.number() }),
]);
export type LoadOrder = z.infer<typeof LoadOrder>;

export const LoadReport = z.object({
  sent: z.number(),
  /** Answered with any 2xx. */
  accepted: z.number(),
  /** How many answers of each status; what was never answered is under its error code. */
  answers: z.record(z.string(), z.number()),
  /** The body of the first answer that was no 2xx. */
  firstRefusal: z.string().nullable(),
  startedAt: z.number(),
  /** When the last answer was there. */
  endedAt: z.number(),
  ackP50Ms: z.number().nullable(),
  ackP99Ms: z.number().nullable(),
  ackMaxMs: z.number().nullable(),
});
export type LoadReport = z.infer<typeof LoadReport>;

export const SinkOrder = z.object({ round: z.number() });

export const SinkReport = z.object({
  /** Different ones, however often each came. */
  arrived: z.number(),
  requests: z.number(),
  lastAt: z.number(),
  p50Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
});
export type SinkReport = z.infer<typeof SinkReport>;
