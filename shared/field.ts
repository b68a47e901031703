// One input of a trigger, an action or a connection: how it is written down, shown, and checked.
//
//   to: field.text({ label: "To" })   ->  zod schema with meta  ->  FieldSpec in the manifest  ->  control in the form
//
// Every field may hold templates; its schema checks the value *after* the templates were replaced.

import { z } from "zod";

// For values that hold themselves zod takes notes of every list and object in every check, which costs more than the
// check. Ours are JSON, and never do.
z.config({ memoizer: { attach() {}, guard() {}, alloc: (_schema, _payload, empty) => empty } });

export const Control = z.enum([
  "text",
  "longText",
  "number",
  "toggle",
  "select",
  "pairs",
  "list",
  "secret",
  "json",
  "date",
  "cron",
  "timeZone",
  "duration",
  "conditions",
  "cases",
]);
export type Control = z.infer<typeof Control>;

/** A field as the editor knows it. `items` holds the fields of each entry of a list of objects. */
export interface FieldSpec {
  key: string;
  label: string;
  help?: string | undefined;
  control: Control;
  required: boolean;
  /** Must be filled in while it is shown; the schema cannot demand it, as it is absent while it is hidden. */
  requiredWhenShown?: boolean | undefined;
  /** What a new step starts with; where the field is not required, an absent value means this too. */
  default?: unknown;
  placeholder?: string | undefined;
  options?: { value: string; label: string }[] | undefined;
  secret?: boolean | undefined;
  /** Shown only while the other field has one of these values. */
  showIf?: { field: string; in: unknown[] } | undefined;
  /** Under “More options” in the form. */
  advanced?: boolean | undefined;
  items?: FieldSpec[] | undefined;
}

export interface FieldText {
  label: string;
  help?: string;
  placeholder?: string;
  showIf?: { field: string; in: unknown[] };
  advanced?: boolean;
}

/** For the `…Optional` kinds, with `showIf`: whoever sees the field has to fill it in. */
interface Demand {
  requiredIfShown?: boolean;
}

const TEXT_LIMIT = 1_000_000;
/** 10 MB as base64. */
const FILE_LIMIT = 14_000_000;

/** A file as data: what an HTTP request answers with when it is not text, and what an e-mail can carry. */
export const FileValue = z.object({
  filename: z.string().max(255).optional(),
  contentType: z.string().max(255).optional(),
  base64: z
    .string()
    .max(FILE_LIMIT)
    .regex(/^[A-Za-z0-9+/]*={0,2}$/, "is not base64"),
});
export type FileValue = z.infer<typeof FileValue>;

/** What a new condition starts with: it never holds until somebody picks a value. */
const EMPTY_CONDITIONS = { match: "all", rules: [{ left: "", op: "notEmpty" }] };

/** Text that arrives as a number or a boolean (a lone template keeps its type) is still text for a text field. */
const asText = (value: unknown) =>
  typeof value === "number" || typeof value === "boolean" || typeof value === "bigint"
    ? String(value)
    : value;
const asNumber = (value: unknown) =>
  typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : value;
const asBoolean = (value: unknown) => {
  if (typeof value !== "string") return value;
  const word = value.trim().toLowerCase();
  if (["true", "yes", "on", "1"].includes(word)) return true;
  if (["false", "no", "off", "0", ""].includes(word)) return false;
  return value;
};
/** An empty form field is an absent one. */
const emptyAsAbsent = (value: unknown) => (value === "" || value === null ? undefined : value);

const filledText = () => z.string().min(1, "must not be empty").max(TEXT_LIMIT);

/**
 * The kinds of field. Each gives a zod schema that carries its own control, so a connector is
 * `z.object({ to: field.text({ label: "To" }) })`. The `…Optional` and `default` forms say what is not required.
 */
export const field = {
  text: (about: FieldText) => z.preprocess(asText, filledText()).meta({ control: "text", ...about }),
  textOptional: (about: FieldText & Demand) =>
    z
      .preprocess((v) => emptyAsAbsent(asText(v)), filledText().optional())
      .optional()
      .meta({ control: "text", ...about }),
  longText: (about: FieldText) => z.preprocess(asText, filledText()).meta({ control: "longText", ...about }),
  /** Text, or a file as another step gave it. */
  file: (about: FieldText) =>
    z
      .preprocess(asText, z.union([z.string().max(FILE_LIMIT), FileValue], "must be a text or a file"))
      .meta({ control: "longText", ...about }),
  longTextOptional: (about: FieldText & Demand) =>
    z
      .preprocess((v) => emptyAsAbsent(asText(v)), filledText().optional())
      .optional()
      .meta({ control: "longText", ...about }),
  number: (about: FieldText & { min?: number; max?: number; default?: number; whole?: boolean }) => {
    const { min = -Number.MAX_VALUE, max = Number.MAX_VALUE, default: preset, whole, ...text } = about;
    const number = z.number().min(min).max(max);
    return z
      .preprocess(
        (v) => emptyAsAbsent(asNumber(v)) ?? preset,
        whole ? number.int("must be a whole number") : number,
      )
      .meta({ control: "number", ...(preset === undefined ? {} : { preset }), ...text });
  },
  numberOptional: (about: FieldText & Demand & { min?: number; max?: number }) => {
    const { min = -Number.MAX_VALUE, max = Number.MAX_VALUE, ...text } = about;
    return z
      .preprocess((v) => emptyAsAbsent(asNumber(v)), z.number().min(min).max(max).optional())
      .optional()
      .meta({ control: "number", ...text });
  },
  toggle: (about: FieldText & { default: boolean }) => {
    const { default: preset, ...text } = about;
    return z
      .preprocess((v) => asBoolean(emptyAsAbsent(v) ?? preset), z.boolean())
      .meta({ control: "toggle", preset, ...text });
  },
  select: <const T extends readonly [string, ...string[]]>(
    values: T,
    about: FieldText & { labels?: Partial<Record<T[number], string>>; default: T[number] },
  ) => {
    const { labels, default: preset, ...text } = about;
    const options = values.map((value: T[number]) => ({ value, label: labels?.[value] ?? value }));
    return z
      .preprocess((v) => emptyAsAbsent(v) ?? preset, z.enum(values))
      .meta({ control: "select", preset, options, ...text });
  },
  /** Name–value rows, in order, names may repeat. */
  pairs: (about: FieldText) =>
    z
      .preprocess(
        (v) => emptyAsAbsent(v) ?? [],
        z
          .array(z.object({ name: z.string().max(1_000), value: z.preprocess((v) => v ?? "", z.unknown()) }))
          .max(500),
      )
      .meta({ control: "pairs", preset: [], ...about }),
  /** Texts, in order; a single text is a list of one, and a list within the list (from a template) is laid out flat. */
  list: (about: FieldText & { min?: number }) => {
    const { min = 0, ...text } = about;
    return z
      .preprocess(
        (v) => {
          const value = asText(emptyAsAbsent(v) ?? []);
          return (Array.isArray(value) ? value : [value]).flat().map(asText);
        },
        z.array(z.string().max(TEXT_LIMIT)).min(min, "needs at least one entry").max(500),
      )
      .meta({ control: "list", ...(min === 0 ? { preset: [] } : {}), ...text });
  },
  /** A list of objects with fields of their own. */
  rows: <S extends z.ZodRawShape>(shape: S, about: FieldText) =>
    z
      .preprocess((v) => emptyAsAbsent(v) ?? [], z.array(z.object(shape)).max(500))
      .meta({ control: "list", preset: [], ...about }),
  secret: (about: FieldText) =>
    z
      .preprocess(asText, z.string().min(1, "must not be empty").max(10_000))
      .meta({ control: "secret", ...about }),
  secretOptional: (about: FieldText & Demand) =>
    z
      .preprocess((v) => emptyAsAbsent(asText(v)), z.string().max(10_000).optional())
      .optional()
      .meta({ control: "secret", ...about }),
  /** Any JSON value: written as a structure, or as one template that gives it. */
  json: (about: FieldText) =>
    z
      .unknown()
      .optional()
      .meta({ control: "json", ...about }),
  date: (about: FieldText) => z.preprocess(asText, filledText()).meta({ control: "date", ...about }),
  dateOptional: (about: FieldText & Demand) =>
    z
      .preprocess((v) => emptyAsAbsent(asText(v)), filledText().optional())
      .optional()
      .meta({ control: "date", ...about }),
  cron: (about: FieldText) => z.preprocess(asText, filledText()).meta({ control: "cron", ...about }),
  timeZone: (about: FieldText & { default: string }) => {
    const { default: preset, ...text } = about;
    return z
      .preprocess((v) => emptyAsAbsent(v) ?? preset, z.string())
      .meta({ control: "timeZone", preset, ...text });
  },
  /** Milliseconds, written as a number with a unit in the form: { amount, unit }. */
  duration: (about: FieldText & { default: Duration }) => {
    const { default: preset, ...text } = about;
    return z
      .preprocess((v) => emptyAsAbsent(v) ?? preset, Duration)
      .meta({ control: "duration", preset, ...text });
  },
  conditions: (about: FieldText) =>
    Conditions.meta({ control: "conditions", start: EMPTY_CONDITIONS, ...about }),
  /** `taken` are the ports the step has besides. */
  cases: (about: FieldText & { taken: string[] }) => {
    const { taken, ...text } = about;
    return z
      .array(Case)
      .min(1, "needs at least one case")
      .max(50, "has more than 50 cases")
      .refine((cases) => new Set(cases.map((c) => c.id)).size === cases.length, "has the same id twice")
      .refine(
        (cases) => !cases.some((c) => taken.includes(c.id)),
        `must not use ${taken.join(" or ")} as an id`,
      )
      .meta({
        control: "cases",
        start: [{ id: "yes", name: "yes", when: EMPTY_CONDITIONS }],
        ...text,
      });
  },
};

export const Duration = z.object({
  amount: z.preprocess(asNumber, z.number().min(0).max(1_000_000)),
  unit: z.enum(["seconds", "minutes", "hours", "days"]),
});
export type Duration = z.infer<typeof Duration>;

const UNIT_MS = { seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 };

export function durationMs(duration: Duration): number {
  return duration.amount * UNIT_MS[duration.unit];
}

export const ConditionOperator = z.enum([
  "equals",
  "notEquals",
  "greater",
  "greaterOrEqual",
  "less",
  "lessOrEqual",
  "contains",
  "notContains",
  "startsWith",
  "endsWith",
  "in",
  "exists",
  "notExists",
  "empty",
  "notEmpty",
  "isTrue",
  "isFalse",
  "before",
  "after",
]);
export type ConditionOperator = z.infer<typeof ConditionOperator>;

/** What a filter or a branch asks. `left` and `right` are any values, mostly templates. */
export const Conditions = z.object({
  match: z.enum(["all", "any"]).default("all"),
  rules: z
    .array(
      z.object({
        left: z.unknown(),
        op: ConditionOperator,
        right: z.unknown().optional(),
      }),
    )
    .min(1, "needs at least one rule")
    .max(100),
});
export type Conditions = z.infer<typeof Conditions>;

/** One way out of a branch: its `id` is the port, its `name` what the canvas shows. */
export const Case = z.object({
  id: z
    .string()
    .regex(/^[a-z][a-zA-Z0-9_-]{0,40}$/, "is a port name: a lower-case letter, then letters and digits"),
  name: z.string().min(1).max(80),
  when: Conditions,
});
export type Case = z.infer<typeof Case>;

interface JsonProperty {
  [key: string]: unknown;
  items?: JsonProperty;
  properties?: Record<string, JsonProperty>;
  required?: string[];
}

/** The fields of a zod object, in order, as the manifest carries them. */
export function fieldsOf(schema: z.ZodObject): FieldSpec[] {
  const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonProperty;
  return fieldsOfProperties(json);
}

function fieldsOfProperties(json: JsonProperty): FieldSpec[] {
  const required = new Set(json.required ?? []);
  return Object.entries(json.properties ?? {}).map(([key, property]) => {
    const { control, label, help, placeholder, options, showIf, requiredIfShown, advanced, preset, start } =
      property;
    const spec: FieldSpec = {
      key,
      label: typeof label === "string" ? label : key,
      control: Control.catch("text").parse(control),
      required: required.has(key) && preset === undefined,
    };
    if (typeof help === "string") spec.help = help;
    if (typeof placeholder === "string") spec.placeholder = placeholder;
    if (preset !== undefined) spec.default = preset;
    if (start !== undefined) spec.default = start;
    if (Array.isArray(options)) spec.options = options;
    if (control === "secret") spec.secret = true;
    if (isShowIf(showIf)) spec.showIf = showIf;
    if (requiredIfShown === true) spec.requiredWhenShown = true;
    if (advanced === true) spec.advanced = true;
    if (control === "list" && property.items?.properties) spec.items = fieldsOfProperties(property.items);
    return spec;
  });
}

/** Does the field, while it is shown, have to be filled in? */
export function isDemanded(spec: FieldSpec): boolean {
  return spec.required || spec.requiredWhenShown === true;
}

function isShowIf(value: unknown): value is { field: string; in: unknown[] } {
  return typeof value === "object" && value !== null && "field" in value && "in" in value;
}
