// Who can be chosen as the sender, in the words of somebody who does not program.

import type { Verification } from "../../../shared/verification.ts";
import type { Sender } from "../../api/catching.ts";

const OTHER_WAYS = ["header", "query", "basic", "jwt", "signature"] as const;
type OtherWay = (typeof OTHER_WAYS)[number];

/** What stands for a choice in the list: `none`, `stripe` behind `preset:`, or one of the other ways. */
export type Choice = "none" | OtherWay | `preset:${string}`;

const LABELS: Record<OtherWay, string> = {
  header: "A token in a header",
  query: "A token in the address",
  basic: "User name and password",
  jwt: "A signed pass (JWT)",
  signature: "A signature of my own kind",
};

/** The list to choose from, grouped. One that is chosen but not known (any more) is still in it. */
export function choices(senders: readonly Sender[], chosen: Choice) {
  const known = senders.map(({ id, name }) => ({ value: choiceOf(id), label: name }));
  const isLost = chosen.startsWith("preset:") && !known.some(({ value }) => value === chosen);
  const lost = isLost ? [{ value: chosen, label: presetOf(chosen) ?? chosen }] : [];
  return [
    { group: "Nobody checks", items: [{ value: "none", label: "Anybody who knows the address" }] },
    { group: "Services that sign what they send", items: [...known, ...lost] },
    { group: "In other ways", items: OTHER_WAYS.map((value) => ({ value, label: LABELS[value] })) },
  ];
}

export const choiceOf = (presetId: string): Choice => `preset:${presetId}`;

export function choiceIn(verification: Verification): Choice {
  return verification.kind === "preset" ? choiceOf(verification.preset) : verification.kind;
}

/** Text from the list → the choice; what is not in it is “none”. */
export function asChoice(text: unknown): Choice {
  if (typeof text !== "string") return "none";
  if (text.startsWith("preset:")) return choiceOf(text.slice("preset:".length));
  return OTHER_WAYS.find((way) => way === text) ?? "none";
}

/** The id of the chosen sender; undefined for the other ways. */
export function presetOf(choice: Choice): string | undefined {
  return choice.startsWith("preset:") ? choice.slice("preset:".length) : undefined;
}

export function senderChosen(choice: Choice, senders: readonly Sender[]): Sender | undefined {
  const id = presetOf(choice);
  return senders.find((sender) => sender.id === id);
}

export function senderNamed(verification: Verification, senders: readonly Sender[]): Sender | undefined {
  return senderChosen(choiceIn(verification), senders);
}
