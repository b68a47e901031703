// What a flow does by itself: filter, branch, wait, loop, stop, answer, and set values.

import { z } from "zod";
import { checkConditions } from "../../shared/conditions.ts";
import { durationMs, field } from "../../shared/field.ts";
import { readHeaderLines } from "../../shared/header-lines.ts";
import { Refused } from "../../shared/problem.ts";
import { checkTimeZone, readMoment } from "../../shared/template-time.ts";
import { action, connector, done, respond, wait } from "./kit.ts";

const CONDITION_HELP =
  "Numbers are compared by size, texts letter by letter (add “| lower” where capitals must not count). A value that " +
  'may be missing needs “| default: ""”; without it, the step fails when the value is not there.';

const filter = action({
  name: "Filter",
  description: "Goes on only when the conditions hold.",
  icon: "filter",
  input: z.object({
    conditions: field.conditions({ label: "Go on only if", help: CONDITION_HELP }),
  }),
  // Nothing can be drawn from “stopped”, so what follows is skipped.
  ports: { kind: "fixed", ports: [{ id: "main", label: "passes" }] },
  repeat: "safe",
  pure: true,
  run({ input }) {
    const checked = checkConditions(input.conditions);
    return done(checked, checked.passed ? "main" : "stopped");
  },
  examples: [
    {
      name: "lets a large order pass",
      input: { conditions: { match: "all", rules: [{ left: "59.80", op: "greater", right: "50" }] } },
      output: { passed: true, rules: [{ left: "59.80", op: "greater", right: "50", passed: true }] },
    },
    {
      name: "stops when one of the rules does not hold",
      input: {
        conditions: {
          match: "all",
          rules: [
            { left: ["first-order", "newsletter"], op: "contains", right: "newsletter" },
            { left: "pending", op: "equals", right: "paid" },
          ],
        },
      },
      port: "stopped",
      output: {
        passed: false,
        rules: [
          { left: ["first-order", "newsletter"], op: "contains", right: "newsletter", passed: true },
          { left: "pending", op: "equals", right: "paid", passed: false },
        ],
      },
    },
  ],
});

const OTHERWISE = { id: "no", label: "no" };

const branch = action({
  name: "Branch",
  description: "Goes one of several ways: the first case that holds, or else “no”.",
  icon: "git-branch",
  input: z.object({
    cases: field.cases({
      label: "Cases",
      help: `Looked at from top to bottom; the first one that holds is taken. ${CONDITION_HELP}`,
      taken: [OTHERWISE.id, "error"],
    }),
  }),
  ports: { kind: "cases", field: "cases", else: OTHERWISE },
  repeat: "safe",
  pure: true,
  run({ input }) {
    const taken = input.cases.find((one) => checkConditions(one.when).passed);
    const { id, name } = taken ?? { id: OTHERWISE.id, name: OTHERWISE.label };
    return done({ case: id, name }, id);
  },
  examples: [
    {
      name: "takes the first case that holds",
      input: {
        cases: [
          { id: "eu", name: "Europe", when: { rules: [{ left: "GB", op: "in", right: "DE, FR, NL" }] } },
          { id: "uk", name: "Britain", when: { rules: [{ left: "GB", op: "equals", right: "GB" }] } },
          { id: "big", name: "Large order", when: { rules: [{ left: 59.8, op: "greater", right: 50 }] } },
        ],
      },
      port: "uk",
      output: { case: "uk", name: "Britain" },
    },
    {
      name: "goes the other way when no case holds",
      input: {
        cases: [{ id: "yes", name: "yes", when: { match: "any", rules: [{ left: null, op: "exists" }] } }],
      },
      port: "no",
      output: { case: "no", name: "no" },
    },
  ],
});

const LONGEST_WAIT_MS = 366 * 86_400_000;

const waitStep = action({
  name: "Wait",
  description: "Goes on after some time, or at a certain time. The server may be restarted meanwhile.",
  icon: "hourglass",
  input: z.object({
    mode: field.select(["duration", "until"], {
      label: "Wait",
      help: "Some time from now, or up to a date.",
      labels: { duration: "for some time", until: "until a date" },
      default: "duration",
    }),
    duration: field.duration({
      label: "How long",
      help: "Counted from the moment this step begins; a year at most.",
      default: { amount: 5, unit: "minutes" },
      showIf: { field: "mode", in: ["duration"] },
    }),
    until: field.dateOptional({
      label: "Until",
      help: "A date such as 2026-01-31T09:00, or a time out of the event. When it is over already, the flow goes on at once.",
      placeholder: "{{trigger.body.delivery_date}}",
      showIf: { field: "mode", in: ["until"] },
      requiredIfShown: true,
    }),
    timeZone: field.timeZone({
      label: "Time zone",
      help: "The clock for a date that does not name its own.",
      default: "UTC",
      showIf: { field: "mode", in: ["until"] },
    }),
  }),
  repeat: "safe",
  run({ input, now }) {
    const until = input.mode === "duration" ? now + durationMs(input.duration) : untilOf(input);
    if (until - now > LONGEST_WAIT_MS) {
      throw new Refused({
        code: "wait-too-long",
        sentence: "A step can wait for a year at most.",
        hint: "Check the date, or let a schedule start the flow.",
        field: input.mode,
      });
    }
    const output = { until: new Date(until).toISOString(), waited: until > now };
    return until > now ? wait(until, output) : done(output);
  },
  examples: [
    {
      name: "waits for two hours",
      input: { mode: "duration", duration: { amount: 2, unit: "hours" } },
      outcome: {
        kind: "wait",
        until: Date.UTC(2026, 0, 15, 14),
        output: { until: "2026-01-15T14:00:00.000Z", waited: true },
      },
    },
    {
      name: "waits until nine in Berlin",
      input: { mode: "until", until: "2026-01-16T09:00", timeZone: "Europe/Berlin" },
      outcome: {
        kind: "wait",
        until: Date.UTC(2026, 0, 16, 8),
        output: { until: "2026-01-16T08:00:00.000Z", waited: true },
      },
    },
    {
      name: "does not wait for what is over",
      input: { mode: "until", until: 1_768_000_000 },
      output: { until: "2026-01-09T23:06:40.000Z", waited: false },
    },
  ],
});

const MOST_ITEMS = 10_000;

const each = action({
  name: "For each",
  description: "Carries every item of a list through the steps on “each”, then goes on by “done”.",
  icon: "repeat",
  input: z.object({
    items: field.json({
      label: "List",
      help:
        "The list, mostly one reference: {{trigger.body.line_items}}. Inside the loop the item is {{each.item}} and " +
        "its number, from 1, {{each.number}}, where “each” is the id of this step. An object gives its entries as { key, value }.",
      placeholder: "{{trigger.body.line_items}}",
    }),
    concurrency: field.number({
      label: "At the same time",
      help: "How many items may be under way at once. 1 keeps their order.",
      min: 1,
      max: 50,
      whole: true,
      default: 1,
      advanced: true,
    }),
    onItemError: field.select(["stop", "continue"], {
      label: "When an item fails",
      help: "Stop at the first one, or go on with the others and see in the results which ones failed.",
      labels: { stop: "Stop", continue: "Go on with the others" },
      default: "stop",
      advanced: true,
    }),
  }),
  ports: {
    kind: "fixed",
    ports: [
      { id: "each", label: "each" },
      { id: "done", label: "done" },
    ],
  },
  repeat: "safe",
  run({ input: { items, concurrency, onItemError } }) {
    return { kind: "each", items: itemsOf(items), concurrency, onItemError };
  },
  examples: [
    {
      name: "goes through the lines of an order",
      input: {
        items: [
          { sku: "TEA-DARJ-100", quantity: 2 },
          { sku: "KETTLE-09", quantity: 1 },
        ],
      },
      outcome: {
        kind: "each",
        items: [
          { sku: "TEA-DARJ-100", quantity: 2 },
          { sku: "KETTLE-09", quantity: 1 },
        ],
        concurrency: 1,
        onItemError: "stop",
      },
      sample: {
        item: { sku: "TEA-DARJ-100", quantity: 2 },
        index: 0,
        number: 1,
        count: 2,
        first: true,
        last: false,
      },
    },
    {
      name: "goes through the entries of an object, four at a time",
      input: { items: { size: "L", colour: "blue" }, concurrency: "4", onItemError: "continue" },
      outcome: {
        kind: "each",
        items: [
          { key: "size", value: "L" },
          { key: "colour", value: "blue" },
        ],
        concurrency: 4,
        onItemError: "continue",
      },
    },
  ],
});

const stop = action({
  name: "Stop",
  description: "Ends the run here, as failed or as done.",
  icon: "hand-stop",
  input: z.object({
    mode: field.select(["error", "quietly"], {
      label: "How",
      help: "With an error the run shows as failed and can be run again; quietly it shows as done.",
      labels: { error: "With an error", quietly: "Quietly" },
      default: "error",
    }),
    message: field.textOptional({
      label: "Message",
      help: "What the run shows as its reason.",
      placeholder: "Order {{trigger.body.name}} has no address",
    }),
  }),
  ports: { kind: "fixed", ports: [] },
  repeat: "safe",
  run({ input: { mode, message } }) {
    const output = { message: message ?? null };
    if (mode === "quietly") return { kind: "end", status: "succeeded", output };
    const sentence = message ?? "The flow was stopped by one of its steps.";
    return { kind: "end", status: "failed", problem: { code: "stopped", sentence }, output };
  },
  examples: [
    {
      name: "fails the run with a message",
      input: { message: "Order #1001 has no address" },
      outcome: {
        kind: "end",
        status: "failed",
        problem: { code: "stopped", sentence: "Order #1001 has no address" },
        output: { message: "Order #1001 has no address" },
      },
    },
    {
      name: "ends the run quietly",
      input: { mode: "quietly" },
      outcome: { kind: "end", status: "succeeded", output: { message: null } },
    },
  ],
});

/** Cookies could pass for ours on this host; the others are made when sending. */
const NOT_SETTABLE = ["set-cookie", "content-length", "transfer-encoding", "connection", "date"];

const respondStep = action({
  name: "Answer the caller",
  description: "Says what the caller of the catch URL gets back, and goes on.",
  icon: "arrow-back-up",
  input: z.object({
    status: field.number({
      label: "Status",
      help: "200 is “fine”, 400 “your mistake”. Callers that see 400 or more mostly send the event again.",
      min: 200,
      max: 599,
      whole: true,
      default: 200,
    }),
    bodyType: field.select(["json", "text", "none"], {
      label: "Body",
      help: "What the answer carries.",
      labels: { json: "JSON", text: "Text", none: "Nothing" },
      default: "json",
    }),
    json: field.json({
      label: "JSON",
      help: "The data to answer with.",
      placeholder: '{ "ok": true }',
      showIf: { field: "bodyType", in: ["json"] },
    }),
    text: field.longTextOptional({
      label: "Text",
      help: "Sent as plain text; for XML and others set the header content-type.",
      placeholder: "Thank you",
      showIf: { field: "bodyType", in: ["text"] },
    }),
    headers: field.pairs({
      label: "Headers",
      help: "Extra lines that go with the answer, such as content-type. Cookies can't be set.",
      advanced: true,
    }),
  }),
  repeat: "safe",
  run({ input }) {
    const content = {
      json: { type: "application/json; charset=utf-8", body: input.json ?? null },
      text: { type: "text/plain; charset=utf-8", body: input.text ?? "" },
      none: undefined,
    }[input.bodyType];
    return respond({
      status: input.status,
      headers: {
        ...(content && { "content-type": content.type }),
        ...readHeaderLines(input.headers, NOT_SETTABLE),
      },
      body: content ? content.body : null,
    });
  },
  examples: [
    {
      name: "answers with JSON",
      input: { status: 201, json: { id: "#1001", accepted: true } },
      outcome: {
        kind: "done",
        port: "main",
        output: {
          status: 201,
          headers: { "content-type": "application/json; charset=utf-8" },
          body: { id: "#1001", accepted: true },
        },
        response: {
          status: 201,
          headers: { "content-type": "application/json; charset=utf-8" },
          body: { id: "#1001", accepted: true },
        },
      },
    },
    {
      name: "answers with XML",
      input: {
        bodyType: "text",
        text: "<Response/>",
        headers: [{ name: "Content-Type", value: "text/xml" }],
      },
      output: { status: 200, headers: { "content-type": "text/xml" }, body: "<Response/>" },
    },
    {
      name: "answers with nothing",
      input: { status: "204", bodyType: "none" },
      output: { status: 204, headers: {}, body: null },
    },
  ],
});

const setFields = action({
  name: "Set fields",
  description: "Puts values together under names of your own, for the steps that follow.",
  icon: "forms",
  input: z.object({
    fields: field.rows(
      {
        name: field.text({
          label: "Name",
          help: "A dot makes an object within: customer.email",
          placeholder: "customer.email",
        }),
        value: field.json({
          label: "Value",
          help: "Text, a number, a list, anything. One reference alone keeps its kind.",
          placeholder: "{{trigger.body.customer.email | lower}}",
        }),
      },
      {
        label: "Fields",
        help: "Each row becomes one field; of two with the same name, the later one counts.",
      },
    ),
  }),
  repeat: "safe",
  pure: true,
  run({ input }) {
    const output: Record<string, unknown> = {};
    for (const { name, value } of input.fields) setAt(output, name, value ?? null);
    return done(output);
  },
  examples: [
    {
      name: "makes an object",
      input: {
        fields: [
          { name: "customer.name", value: "Ada Lovelace" },
          { name: "customer.email", value: "ada@example.com" },
          { name: "total", value: 59.8 },
          { name: "tags", value: ["first-order"] },
        ],
      },
      output: {
        customer: { name: "Ada Lovelace", email: "ada@example.com" },
        total: 59.8,
        tags: ["first-order"],
      },
    },
  ],
});

export const logic = connector({
  id: "logic",
  name: "Flow",
  description: "Filter, branch, wait, loop, and shape data.",
  color: "#495057",
  icon: "route",
  actions: { filter, branch, wait: waitStep, each, stop, respond: respondStep, setFields },
});

function untilOf({ until, timeZone }: { until?: string | undefined; timeZone: string }): number {
  const unknown = checkTimeZone(timeZone);
  if (unknown !== undefined) {
    throw new Refused({ code: "time-zone-unknown", sentence: `“Time zone” ${unknown}.`, field: "timeZone" });
  }
  const moment = until === undefined ? undefined : readMoment(until, timeZone);
  if (moment !== undefined) return moment;
  throw new Refused({
    code: "not-a-time",
    sentence:
      until === undefined ? "There is no date to wait for." : `“${until.slice(0, 60)}” is not a date.`,
    hint: "Write it as 2026-01-31T09:30, or give Unix seconds.",
    field: "until",
  });
}

/** A list as it is; the entries of an object; either also as JSON text. */
function itemsOf(value: unknown): unknown[] {
  const data = typeof value === "string" ? parseJson(value) : value;
  const items: unknown[] | undefined = Array.isArray(data)
    ? data
    : typeof data === "object" && data !== null
      ? Object.entries(data).map(([key, one]) => ({ key, value: one }))
      : undefined;
  if (items === undefined) {
    throw new Refused({
      code: "not-a-list",
      sentence: `“List” is ${data === null || data === undefined || data === "" ? "empty" : `a ${typeof data}`}, not a list.`,
      hint: 'Choose a list out of the event. For a text, “| split: ","” makes a list of it.',
      field: "items",
    });
  }
  if (items.length > MOST_ITEMS) {
    throw new Refused({
      code: "too-many-items",
      sentence: `The list has ${items.length} items; a loop takes ${MOST_ITEMS} at most.`,
      hint: "Take a part of it with “| slice: 0, 10000”.",
      field: "items",
    });
  }
  return items;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Sets `a.b.c`, looking at own properties only, so that no name can reach what all objects share. */
function setAt(target: Record<string, unknown>, name: string, value: unknown): void {
  const parts = name.split(".").map((part) => part.trim());
  if (parts.length > 20 || parts.some((part) => part === "" || part === "__proto__")) {
    throw badName(
      `“${name.slice(0, 60)}” can't be the name of a field.`,
      "Use names such as total or customer.email.",
    );
  }
  const last = parts.pop() ?? "";
  let holder = target;
  for (const part of parts) {
    if (!Object.hasOwn(holder, part)) holder[part] = {};
    const inner = holder[part];
    if (!isRecord(inner)) {
      throw badName(
        `“${name.slice(0, 60)}” needs an object in “${part}”, which has another value already.`,
        "Rename one of the two.",
      );
    }
    // Copied: a value out of the event must not change with it.
    holder = holder[part] = { ...inner };
  }
  holder[last] = value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function badName(sentence: string, hint: string): Refused {
  return new Refused({ code: "field-name", sentence, hint, field: "fields" });
}
