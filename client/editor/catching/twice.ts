// The same thing twice: what tells that a request came before, and for how long that is remembered.

import type { Dedupe } from "../../../shared/catching.ts";
import type { Values } from "../../form/form-values.ts";
import { type CatchSection, durationOf, lengthOf, NOTHING, oneOf, secondsOf, textOf } from "./section.ts";
import { senderNamed } from "./senders.ts";

const WAYS = ["preset", "header", "field", "body", "none"] as const;
const LONGEST = 90 * 86_400;

export const twice: CatchSection = {
  id: "twice",
  title: "The same thing twice",
  words({ settings }, senders) {
    const { dedupe } = settings;
    const sender = senderNamed(settings.verification, senders);
    if (dedupe.by === "none") return "Every request counts, also one that came before.";
    if (dedupe.by === "preset" && !sender?.dedupe) {
      return sender
        ? `${sender.name} gives no id to tell by, so every request counts.`
        : "Every request counts, also one that came before.";
    }
    return `It runs once: told by ${wayWords(dedupe, sender?.name)}, for ${lengthOf(settings.dedupeSeconds)}.`;
  },
  read: ({ dedupe, dedupeSeconds }) => ({
    "dedupe.by": dedupe.by,
    "dedupe.header": dedupe.by === "header" ? dedupe.header : "",
    "dedupe.path": dedupe.by === "field" ? dedupe.path : "",
    dedupeSeconds: durationOf(dedupeSeconds),
  }),
  fields: () => [
    {
      key: "dedupe.by",
      label: "How to tell that it came before",
      help: "Most services send again when they did not hear an answer. What came before does not run again.",
      control: "select",
      required: false,
      default: "preset",
      options: [
        { value: "preset", label: "By the sender’s own id" },
        { value: "header", label: "By a header" },
        { value: "field", label: "By a field of what was sent" },
        { value: "body", label: "By everything that was sent" },
        { value: "none", label: "Not at all: run it every time" },
      ],
    },
    {
      key: "dedupe.header",
      label: "Header with the id",
      placeholder: "x-request-id",
      control: "text",
      required: true,
      showIf: { field: "dedupe.by", in: ["header"] },
    },
    {
      key: "dedupe.path",
      label: "Field with the id",
      help: "Its way in the body, with dots, such as order.id.",
      placeholder: "order.id",
      control: "text",
      required: true,
      showIf: { field: "dedupe.by", in: ["field"] },
    },
    {
      key: "dedupeSeconds",
      label: "Remember it for",
      control: "duration",
      required: true,
      showIf: { field: "dedupe.by", in: WAYS.filter((way) => way !== "none") },
    },
  ],
  check(values) {
    const seconds = secondsOf(values.dedupeSeconds);
    return seconds !== undefined && seconds >= 1 && seconds <= LONGEST
      ? NOTHING
      : { dedupeSeconds: "Enter a time from 1 second to 90 days." };
  },
  write: (values, { settings }) => ({
    part: {
      dedupe: written(values),
      dedupeSeconds: secondsOf(values.dedupeSeconds) ?? settings.dedupeSeconds,
    },
  }),
};

function wayWords(dedupe: Dedupe, sender = "the sender"): string {
  switch (dedupe.by) {
    case "preset":
      return `${sender}’s own id`;
    case "header":
      return `the header “${dedupe.header}”`;
    case "field":
      return `the field “${dedupe.path}”`;
    default:
      return "everything that was sent";
  }
}

function written(values: Values): Dedupe {
  const by = oneOf(values, "dedupe.by", WAYS);
  if (by === "header") return { by, header: textOf(values, "dedupe.header").toLowerCase() };
  return by === "field" ? { by, path: textOf(values, "dedupe.path") } : { by };
}
