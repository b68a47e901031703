// What the sender hears, and whether pages in browsers may be the sender.

import type { CatchAnswering, CatchSettings } from "../../../shared/catching.ts";
import { recordOf, type Values } from "../../form/form-values.ts";
import { type CatchSection, numberOf, oneOf, several, textOf, textsOf, wholeProblem } from "./section.ts";

const WHENS = ["auto", "at-once", "fixed", "finished"] as const;
const BROWSERS = ["all", "some", "none"] as const;

export const answer: CatchSection = {
  id: "answer",
  title: "What the sender hears",
  words: ({ settings: { answer: said, cors } }) => {
    const browsers =
      cors.allow === "none"
        ? " Pages in browsers may not call it."
        : cors.allow === "some"
          ? ` Of pages in browsers, those of ${several(cors.origins.length, "site")} may call it.`
          : "";
    return `${answerWords(said)}${browsers}`;
  },
  read: ({ answer: said, cors }) => {
    const fixed = said.when === "fixed" ? said : undefined;
    return {
      "answer.when": said.when,
      "answer.status": fixed?.status ?? 200,
      "answer.headers": Object.entries(fixed?.headers ?? {}).map(([name, value]) => ({ name, value })),
      "answer.body": fixed?.body ?? "",
      "cors.allow": cors.allow,
      "cors.origins": cors.allow === "some" ? cors.origins : [],
    };
  },
  fields: () => [
    {
      key: "answer.when",
      label: "The answer",
      control: "select",
      required: false,
      default: "auto",
      options: [
        { value: "auto", label: "As the flow says" },
        { value: "at-once", label: "At once: “taken”" },
        { value: "fixed", label: "At once: what I write here" },
        { value: "finished", label: "When the run has ended: its result" },
      ],
      help:
        "“As the flow says”: by its step “Answer the caller” when it has one, else at once. A result is waited for up to " +
        "30 seconds; after that the sender hears where to ask for it.",
    },
    {
      key: "answer.status",
      label: "Status",
      help: "200 means: all is well.",
      control: "number",
      required: true,
      showIf: { field: "answer.when", in: ["fixed"] },
    },
    {
      key: "answer.headers",
      label: "Headers",
      control: "pairs",
      required: false,
      showIf: { field: "answer.when", in: ["fixed"] },
    },
    {
      key: "answer.body",
      label: "Text of the answer",
      help: "It can hold data of the request, such as {{trigger.body.challenge}}.",
      control: "longText",
      required: false,
      showIf: { field: "answer.when", in: ["fixed"] },
    },
    {
      key: "cors.allow",
      label: "Pages in browsers",
      help: "For forms and scripts on a website. Services and servers are not concerned.",
      control: "select",
      required: false,
      default: "all",
      options: [
        { value: "all", label: "May call it, from every site" },
        { value: "some", label: "May call it from these sites only" },
        { value: "none", label: "May not call it" },
      ],
    },
    {
      key: "cors.origins",
      label: "Sites",
      placeholder: "https://www.example.com, then Enter",
      control: "list",
      required: true,
      showIf: { field: "cors.allow", in: ["some"] },
    },
  ],
  check: (values) => ({
    ...wholeProblem(values, "answer.status", 200, 499),
    ...(textsOf(values, "cors.origins").every((site) => /^https?:\/\/[^/\s]+$/.test(site))
      ? {}
      : { "cors.origins": "Enter each site as https://www.example.com, without anything behind it." }),
  }),
  write: (values) => ({ part: { answer: writtenAnswer(values), cors: writtenCors(values) } }),
};

function answerWords(said: CatchAnswering): string {
  switch (said.when) {
    case "auto":
      return "It is answered at once, or by the flow’s step “Answer the caller”.";
    case "at-once":
      return "It is answered at once.";
    case "fixed":
      return `It hears ${said.status}${said.body === "" ? " and nothing else" : " and a text of yours"}, at once.`;
    case "finished":
      return "It hears the result, when the run has ended.";
  }
}

function writtenAnswer(values: Values): CatchAnswering {
  const when = oneOf(values, "answer.when", WHENS);
  if (when !== "fixed") return { when };
  const pairs = Array.isArray(values["answer.headers"]) ? values["answer.headers"].map(recordOf) : [];
  const headers = pairs.flatMap((pair): [string, string][] => {
    const name = textOf(pair, "name");
    return name === "" ? [] : [[name, textOf(pair, "value")]];
  });
  const body = values["answer.body"];
  return {
    when,
    status: numberOf(values, "answer.status") ?? 200,
    headers: Object.fromEntries(headers),
    body: typeof body === "string" ? body : "",
  };
}

function writtenCors(values: Values): CatchSettings["cors"] {
  const allow = oneOf(values, "cors.allow", BROWSERS);
  return allow === "some" ? { allow, origins: textsOf(values, "cors.origins") } : { allow };
}
