// The words a connector is written in: connection, action, trigger, connector; and what an action may answer.
//
//   const sendMessage = action({ name, description, connection, input, repeat, run, examples })
//   export const slack = connector({ id: "slack", …, connection, actions: { sendMessage } })

import { z } from "zod";
import { type FieldSpec, fieldsOf } from "../../shared/field.ts";
import type { ConnectorManifest, Ports, Repeat } from "../../shared/manifest.ts";
import { type Problem, Refused } from "../../shared/problem.ts";
import type { Outcome, RunResponse } from "../../shared/run.ts";
import type { HttpRequest, HttpResponse } from "../ports/http.ts";
import type { Mail, MailReceipt, SmtpServer } from "../ports/mailer.ts";

/** What an action may use of the world. Errors thrown by these (`TryLater`, `Refused`) need no handling. */
export interface World {
  http: {
    send(request: HttpRequest): Promise<HttpResponse>;
    /** Sends `json` (when given) with its content type and gives the answer parsed; an answer that is not JSON is `Refused`. */
    json(request: JsonRequest): Promise<JsonResponse>;
  };
  mailer: {
    send(server: SmtpServer, mail: Mail): Promise<MailReceipt>;
    verify(server: SmtpServer): Promise<void>;
  };
  /** Milliseconds since 1970. */
  now: number;
}

export type JsonRequest = Omit<HttpRequest, "body"> & { json?: unknown };
export interface JsonResponse {
  status: number;
  headers: Record<string, string>;
  data: unknown;
}

export interface ActionContext<Input, Auth> extends World {
  input: Input;
  auth: Auth;
  /** The same for every attempt of this step in this run: send it as the idempotency key. */
  key: string;
}

/** Went well: leaves by `port`. */
export const done = (output: unknown, port = "main"): Outcome => ({ kind: "done", output, port });
/** Goes on at `until` (milliseconds since 1970). */
export const wait = (until: number, output: unknown): Outcome => ({ kind: "wait", until, output });
/** Answers the caller of the catch URL, and goes on. */
export const respond = (response: RunResponse): Outcome => ({
  kind: "done",
  output: response,
  port: "main",
  response,
});

/** One exchange with the outside, as it really happens. `body` is text; an object stands for its JSON. */
export interface Exchange {
  request: { method: string; url: string; headers?: Record<string, string>; body?: unknown };
  response: { status: number; headers?: Record<string, string>; body?: unknown };
}

/**
 * An action at work: the sample that later steps map from, the documentation, the dry run, and the test.
 * Every exchange and mail must happen, in order, and nothing else.
 */
export interface Example {
  name: string;
  input: Record<string, unknown>;
  auth?: Record<string, unknown>;
  exchanges?: Exchange[];
  mails?: { server: Partial<SmtpServer>; mail: Partial<Mail>; receipt: MailReceipt }[];
  /** What it gives: the output, or the outcome where that is more than an output. */
  output?: unknown;
  port?: string;
  outcome?: Partial<Outcome>;
  /** What later steps see where the engine makes it, not `run`: the item of a loop. */
  sample?: unknown;
  /** The time it runs at, milliseconds since 1970; default 2026-01-15T12:00:00Z. */
  now?: number;
}

/** The `key` that examples are played with. */
export const EXAMPLE_KEY = "run_example.step";

export interface ConnectionDefinition<S extends z.ZodObject = z.ZodObject> {
  fields: S;
  /** Where a person finds these. */
  help?: string;
  /** Throws when the credentials do not work; gives a sentence on what they open. */
  check(context: World & { auth: z.output<S> }): Promise<string>;
}

/** What the engine holds of a connection kind, its types erased. */
export interface ConnectionKind {
  fields: z.ZodObject;
  specs: FieldSpec[];
  help: string | undefined;
  check(context: World & { auth: unknown }): Promise<string>;
}

/** Keeps the inferred types of a connection for its actions. */
export function connection<S extends z.ZodObject>(
  definition: ConnectionDefinition<S>,
): ConnectionDefinition<S> {
  return definition;
}

export interface Action {
  name: string;
  description: string;
  icon: string | undefined;
  fields: FieldSpec[];
  ports: Ports;
  repeat: Repeat;
  pure: boolean;
  connection: "none" | "optional" | "required";
  examples: Example[];
  /** Checks input and credentials against their schemas, then does it. Throws `Refused` and `TryLater`. */
  run(context: ActionContext<unknown, unknown>): Promise<Outcome>;
}

interface ActionText<Input extends z.ZodObject> {
  name: string;
  description: string;
  /** Where one connector holds things that look different, as logic does; default: the connector's. */
  icon?: string;
  input: Input;
  /** Default: one port, `main`. */
  ports?: Ports;
  repeat: Repeat;
  /** Reaches for nothing outside and gives the same for the same input. Default: no. */
  pure?: true;
  /** The first one is the sample. */
  examples: [Example, ...Example[]];
}

type Answer = Outcome | Promise<Outcome>;

/** An action with a connection that must be there, one that may (`optional: true`: `auth` can be undefined), or none. */
export function action<Input extends z.ZodObject, S extends z.ZodObject>(
  definition: ActionText<Input> & {
    connection: ConnectionDefinition<S>;
    optional?: false;
    run(context: ActionContext<z.output<Input>, z.output<S>>): Answer;
  },
): Action;
export function action<Input extends z.ZodObject, S extends z.ZodObject>(
  definition: ActionText<Input> & {
    connection: ConnectionDefinition<S>;
    optional: true;
    run(context: ActionContext<z.output<Input>, z.output<S> | undefined>): Answer;
  },
): Action;
export function action<Input extends z.ZodObject>(
  definition: ActionText<Input> & {
    run(context: ActionContext<z.output<Input>, undefined>): Answer;
  },
): Action;
export function action<Input extends z.ZodObject, S extends z.ZodObject>(
  definition: ActionText<Input> & {
    connection?: ConnectionDefinition<S>;
    optional?: boolean;
    run(context: ActionContext<z.output<Input>, never>): Answer;
  },
): Action {
  const { name, description, icon, input, ports, repeat, pure = false, examples } = definition;
  const kind = definition.connection;
  return {
    name,
    description,
    icon,
    fields: fieldsOf(input),
    ports: ports ?? { kind: "fixed", ports: [{ id: "main", label: "" }] },
    repeat,
    pure,
    connection: kind ? (definition.optional ? "optional" : "required") : "none",
    examples,
    async run(context) {
      const auth =
        kind && context.auth !== undefined
          ? parseFields(kind.fields, context.auth, "The connection")
          : undefined;
      if (kind && !definition.optional && auth === undefined) throw new Refused(CONNECTION_MISSING);
      return definition.run({
        ...context,
        input: parseFields(input, context.input, `“${name}”`),
        auth: auth as never,
      });
    },
  };
}

const CONNECTION_MISSING: Problem = {
  code: "connection-missing",
  sentence: "This step has no connection.",
  hint: "Open the step and choose one.",
};

/** Checks values against a schema; `Refused` names the first field that is wrong by its label. */
export function parseFields<S extends z.ZodObject>(schema: S, values: unknown, whose: string): z.output<S> {
  const parsed = schema.safeParse(values, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const [key = "", ...rest] = issue?.path ?? [];
  const label = labelOf(schema, String(key));
  const place = [
    label,
    ...rest.map((part) => (typeof part === "number" ? `entry ${part + 1}` : String(part))),
  ].join(", ");
  throw new Refused({
    code: "input-invalid",
    sentence: `${whose}: “${place}” ${wording(issue)}`,
    hint: "Look at the input of this step: the value may come from the event.",
    field: [key, ...rest].map(String).join("."),
  });
}

function labelOf(schema: z.ZodObject, key: string): string {
  const shape: Record<string, z.ZodType> = schema.shape;
  const label = Object.hasOwn(shape, key) ? shape[key]?.meta()?.label : undefined;
  return typeof label === "string" ? label : key;
}

function wording(issue: z.core.$ZodIssue | undefined): string {
  if (!issue) return "is not right.";
  if (issue.code === "invalid_type") {
    if (issue.input === undefined || issue.input === null) return "is missing.";
    return `must be ${KINDS[issue.expected] ?? issue.expected}.`;
  }
  if (issue.code === "invalid_value") return `must be one of: ${issue.values.join(", ")}.`;
  if (issue.code === "too_small" && issue.origin === "number") return `must be at least ${issue.minimum}.`;
  if (issue.code === "too_big" && issue.origin === "number") return `must be at most ${issue.maximum}.`;
  if (/^(is|must|needs|has) /.test(issue.message)) return `${issue.message}.`;
  return `is not right: ${issue.message}.`;
}

const KINDS: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "yes or no",
  array: "a list",
  object: "an object",
};

export interface Trigger {
  name: string;
  description: string;
  icon: string | undefined;
  fields: FieldSpec[];
  starts: "catch" | "schedule";
  sample: unknown;
  /** For a schedule: the first time after `after` (milliseconds since 1970), or null when there is none. Throws `Refused` on bad input. */
  next(input: unknown, after: number): number | null;
}

/** A trigger that starts when the catch URL is called, or (with `next`) when the clock says so. */
export function trigger<Input extends z.ZodObject>(definition: {
  name: string;
  description: string;
  icon?: string;
  input: Input;
  sample: unknown;
  next?(input: z.output<Input>, after: number): number | null;
}): Trigger {
  const { name, description, icon, input, sample, next } = definition;
  return {
    name,
    description,
    icon,
    fields: fieldsOf(input),
    starts: next ? "schedule" : "catch",
    sample,
    next: (values, after) => next?.(parseFields(input, values, `“${name}”`), after) ?? null,
  };
}

export interface Connector {
  id: string;
  name: string;
  description: string;
  color: string;
  icon: string;
  connection: ConnectionKind | undefined;
  triggers: Record<string, Trigger>;
  actions: Record<string, Action>;
}

export function connector<S extends z.ZodObject>(definition: {
  /** Lower-case letters, digits and dashes; the first half of every `uses`. */
  id: string;
  name: string;
  description: string;
  color: string;
  icon: string;
  connection?: ConnectionDefinition<S>;
  triggers?: Record<string, Trigger>;
  actions?: Record<string, Action>;
}): Connector {
  const { connection: kind, triggers = {}, actions = {}, ...about } = definition;
  return {
    ...about,
    triggers,
    actions,
    connection: kind && {
      fields: kind.fields,
      specs: fieldsOf(kind.fields),
      help: kind.help,
      check: (context) =>
        kind.check({ ...context, auth: parseFields(kind.fields, context.auth, "The connection") }),
    },
  };
}

/** What the editor may know of it. */
export function manifestOf(connector: Connector): ConnectorManifest {
  const { id, name, description, color, icon } = connector;
  return {
    id,
    name,
    description,
    color,
    icon,
    connection: connector.connection && {
      fields: connector.connection.specs,
      help: connector.connection.help,
    },
    triggers: Object.entries(connector.triggers).map(([key, t]) => ({
      uses: `${id}.${key}`,
      name: t.name,
      description: t.description,
      icon: t.icon,
      fields: t.fields,
      starts: t.starts,
      sample: t.sample,
    })),
    actions: Object.entries(connector.actions).map(([key, a]) => ({
      uses: `${id}.${key}`,
      name: a.name,
      description: a.description,
      icon: a.icon,
      fields: a.fields,
      ports: a.ports,
      repeat: a.repeat,
      connection: a.connection,
      sample: sampleOf(a.examples[0]),
      sampleInput: a.examples[0]?.input ?? {},
    })),
  };
}

function sampleOf(example: Example | undefined): unknown {
  if (example?.sample !== undefined) return example.sample;
  if (example?.output !== undefined) return example.output;
  return example?.outcome && "output" in example.outcome ? example.outcome.output : null;
}

/** The schema of a connector without fields. */
export const noFields = z.object({});
