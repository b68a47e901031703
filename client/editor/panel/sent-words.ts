// What became of a sample that was sent and taken, but started no run, in words. Pure.

import type { z } from "zod";
import type { CatchAnswer } from "../../../shared/api.ts";
import type { CatchSettings } from "../../../shared/catching.ts";
import type { Problem } from "../../../shared/problem.ts";
import { USUAL } from "../../deliveries/delivery-words.ts";

type Answer = z.infer<typeof CatchAnswer>;
type Condition = CatchSettings["onlyIf"];

/** Samples that ask whether somebody is there; they are answered before “only if” is looked at. */
const HANDSHAKES = ["url_verification"];

/** Of one that the server signed and sent. Its answer does not tell a handshake from what was left out. */
export function signedWords(event: string, problem: Problem | null, onlyIf: Condition): string {
  if (problem) return problem.sentence;
  return onlyIf !== null && !HANDSHAKES.includes(event) ? leftOut() : USUAL.handshake.sentence;
}

/** Of one that went from here to the catch URL. What a flow answers by itself may be anything. */
export function plainWords({ runId, sampleId, duplicate, message = "" }: Answer, onlyIf: Condition): string {
  if (duplicate) return "It arrived. The same thing came before, so nothing was started twice.";
  if (runId !== undefined) return "It arrived and started a run.";
  if (sampleId !== undefined) return "It arrived, and is kept as a sample.";
  if (onlyIf !== null && /nothing was started/.test(message)) return leftOut();
  return "It arrived, and the flow gave an answer of its own.";
}

function leftOut(): string {
  const { sentence, hint } = USUAL.filtered;
  return `It was left out. ${sentence} ${hint}`;
}
