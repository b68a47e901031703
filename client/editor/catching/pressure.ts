// How much it takes: methods, size, how often, and how many runs at a time.

import { CATCH_METHODS, DEFAULT_CATCH_SETTINGS } from "../../../shared/catching.ts";
import { type CatchSection, numberOf, several, textOf, textsOf, wholeProblem } from "./section.ts";

const KB = 1_024;
const { rate: USUAL } = DEFAULT_CATCH_SETTINGS;

export const pressure: CatchSection = {
  id: "pressure",
  title: "How much",
  words({ settings }) {
    const { methods, maxBytes, rate, atOnce, oneAtATimeBy } = settings;
    const takes = [
      ...(methods.length < CATCH_METHODS.length ? [`only ${methods.join(", ")}`] : []),
      ...(maxBytes === null ? [] : [`at most ${kilobytes(maxBytes)} KB each`]),
      `${several(rate.perSecond, "request")} a second, ${rate.burst.toLocaleString("en-GB")} in a rush`,
    ];
    return [
      `It takes ${takes.join("; ")}.`,
      ...(atOnce === null ? [] : [`At most ${several(atOnce, "run")} at a time.`]),
      ...(oneAtATimeBy === null ? [] : [`One at a time for each “${oneAtATimeBy}”, in order.`]),
    ].join(" ");
  },
  read: ({ methods, maxBytes, rate, atOnce, oneAtATimeBy }) => ({
    methods,
    maxBytes: maxBytes === null ? "" : maxBytes / KB,
    "rate.perSecond": rate.perSecond,
    "rate.burst": rate.burst,
    atOnce: atOnce ?? "",
    oneAtATimeBy: oneAtATimeBy ?? "",
  }),
  fields: () => [
    {
      key: "maxBytes",
      label: "Largest request, in KB",
      help: "Empty: as large as this installation takes.",
      control: "number",
      required: false,
    },
    {
      key: "rate.perSecond",
      label: "Requests a second",
      help: "On average. What is too much is told to come again later.",
      control: "number",
      required: true,
    },
    {
      key: "rate.burst",
      label: "Requests in a rush",
      help: "So many may come at once before they are slowed down.",
      control: "number",
      required: true,
    },
    {
      key: "atOnce",
      label: "Runs at a time",
      help: "Empty: any number. The others wait in line; nothing is lost.",
      control: "number",
      required: false,
    },
    {
      key: "oneAtATimeBy",
      label: "One at a time for each",
      help: "Those with the same value here run one after the other, such as all of one customer. Empty: side by side.",
      placeholder: "body.customer.id",
      control: "text",
      required: false,
    },
  ],
  check: (values) => ({
    ...(textsOf(values, "methods").length > 0 ? {} : { methods: "Choose at least one." }),
    ...((numberOf(values, "maxBytes") ?? 1) > 0 ? {} : { maxBytes: "Enter a number above 0, or nothing." }),
    ...wholeProblem(values, "rate.perSecond", 1, 100_000),
    ...wholeProblem(values, "rate.burst", 1, 1_000_000),
    ...wholeProblem(values, "atOnce", 1, 1_000),
  }),
  write(values) {
    const largest = numberOf(values, "maxBytes");
    const methods = textsOf(values, "methods");
    return {
      part: {
        methods: CATCH_METHODS.filter((method) => methods.includes(method)),
        maxBytes: largest === null ? null : Math.max(1, Math.round(largest * KB)),
        rate: {
          perSecond: numberOf(values, "rate.perSecond") ?? USUAL.perSecond,
          burst: numberOf(values, "rate.burst") ?? USUAL.burst,
        },
        atOnce: numberOf(values, "atOnce"),
        oneAtATimeBy: textOf(values, "oneAtATimeBy") || null,
      },
    };
  },
};

const kilobytes = (bytes: number) => (bytes / KB).toLocaleString("en-GB", { maximumFractionDigits: 1 });
