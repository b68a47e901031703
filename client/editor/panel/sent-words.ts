// What became of a sample that was sent and taken, but started no run, in words. Pure.

import type { z } from "zod";
import type { CatchAnswer, ResponseOf } from "../../../shared/api.ts";
import { USUAL } from "../../deliveries/delivery-words.ts";

type Answer = z.infer<typeof CatchAnswer>;

/** Of one that the server signed and sent. */
export function signedWords({ verdict, problem }: ResponseOf<"sendSample">): string {
  if (problem) return problem.sentence;
  return verdict === "filtered" ? leftOut() : USUAL.handshake.sentence;
}

/** Of one that went from here to the catch URL. What a flow answers by itself may be anything. */
export function plainWords({ runId, sampleId, duplicate, filtered }: Answer): string {
  if (duplicate) return "It arrived. The same thing came before, so nothing was started twice.";
  if (runId !== undefined) return "It arrived and started a run.";
  if (sampleId !== undefined) return "It arrived, and is kept as a sample.";
  return filtered ? leftOut() : "It arrived, and the flow gave an answer of its own.";
}

function leftOut(): string {
  const { sentence, hint } = USUAL.filtered;
  return `It was left out. ${sentence} ${hint}`;
}
