// Which requests start a run at all, and whether a list is one thing or many.

import { Conditions } from "../../../shared/field.ts";
import { conditionsOf, operatorWords, takesRight } from "../../form/condition-words.ts";
import { asText } from "../../form/control.ts";
import { type CatchSection, NOTHING, several, textOf } from "./section.ts";

const START = { match: "all", rules: [{ left: "", op: "equals", right: "" }] };

export const onlyIf: CatchSection = {
  id: "only-if",
  title: "Only run if",
  words({ settings }) {
    if (!settings.onlyIf) return "Everything that comes runs.";
    const { match, rules } = settings.onlyIf;
    const [first] = rules;
    if (rules.length !== 1 || !first) {
      return `Only what fits ${match === "all" ? "all" : "any"} of ${several(rules.length, "condition")} runs.`;
    }
    const compared = takesRight(first.op) ? ` “${asText(first.right)}”` : "";
    return `Only if “${asText(first.left)}” ${operatorWords(first.op)}${compared}.`;
  },
  read: (settings) => ({
    which: settings.onlyIf ? "some" : "all",
    onlyIf: settings.onlyIf ?? START,
  }),
  fields: () => [
    {
      key: "which",
      label: "What runs",
      control: "select",
      required: false,
      default: "all",
      options: [
        { value: "all", label: "Everything that comes" },
        { value: "some", label: "Only what fits these conditions" },
      ],
      help: "What does not fit is answered kindly, and starts no run.",
    },
    {
      key: "onlyIf",
      label: "Conditions",
      help: "The value is a way in the request, with dots: body.status, headers.x-event, query.kind.",
      placeholder: "body.status",
      control: "conditions",
      required: true,
      showIf: { field: "which", in: ["some"] },
    },
  ],
  check: (values) =>
    conditionsOf(values.onlyIf).rules.every(({ left }) => asText(left).trim() !== "")
      ? NOTHING
      : { onlyIf: "Say in each condition what to look at, such as body.status." },
  write(values) {
    const asked = Conditions.safeParse(values.onlyIf);
    if (values.which !== "some" || !asked.success) return { part: { onlyIf: null } };
    const rules = asked.data.rules.map((rule) => ({ ...rule, left: asText(rule.left).trim() }));
    return { part: { onlyIf: { ...asked.data, rules } } };
  },
};

export const lists: CatchSection = {
  id: "lists",
  title: "Lists",
  words: ({ settings: { splitList } }) =>
    splitList
      ? `One run for each item of the list${splitList.path === "" ? "" : ` at “${splitList.path}”`}.`
      : "One run for each request, also when it carries a list.",
  read: ({ splitList }) => ({ items: splitList ? "each" : "all", "splitList.path": splitList?.path ?? "" }),
  fields: () => [
    {
      key: "items",
      label: "When a list comes",
      control: "select",
      required: false,
      default: "all",
      options: [
        { value: "all", label: "One run for all of it" },
        { value: "each", label: "One run for each item" },
      ],
    },
    {
      key: "splitList.path",
      label: "Where the list is",
      help: "Its way in the body, with dots, such as data.orders. Leave it empty when the body itself is the list.",
      placeholder: "data.orders",
      control: "text",
      required: false,
      showIf: { field: "items", in: ["each"] },
    },
  ],
  write: (values) => ({
    part: { splitList: values.items === "each" ? { path: textOf(values, "splitList.path") } : null },
  }),
};
