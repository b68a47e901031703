// What the API gives: the shapes of its answers, made of the domain's own.

import { z } from "zod";
import { Control, type FieldSpec } from "./field.ts";
import { Flow, Version } from "./flow.ts";
import { Graph } from "./graph.ts";
import { Problem } from "./problem.ts";
import { RunResponse, RunStatus, StepRun } from "./run.ts";

const time = z.number().int().describe("milliseconds since 1970");
const json = z.unknown();

export const Me = z
  .object({ id: z.string(), email: z.string(), role: z.literal("owner") })
  .meta({ id: "Me" });

/** What the first screen needs to know before anybody signed in. */
export const Setup = z
  .object({ needsOwner: z.boolean().describe("nobody has an account yet"), signedIn: Me.nullable() })
  .meta({ id: "Setup" });

/** A flow in the list: without its draft. */
export const FlowRow = Flow.omit({ draft: true, workspaceId: true, catchKey: true })
  .extend({
    steps: z.number().int().describe("how many the draft has, the trigger not counted"),
    uses: z.array(z.string()).describe("what the draft's steps use, the trigger first"),
    liveNumber: z.number().int().nullable(),
    changed: z.boolean().describe("the draft differs from the live version"),
    lastRun: z.object({ id: z.string(), status: RunStatus, createdAt: time }).nullable(),
    runs: z.record(z.string(), z.number().int()).describe("how many runs by status"),
  })
  .meta({ id: "FlowRow" });
export type FlowRow = z.infer<typeof FlowRow>;

export const FlowView = Flow.omit({ workspaceId: true, catchKey: true })
  .extend({
    catchUrl: z.string(),
    liveNumber: z.number().int().nullable(),
    changed: z.boolean(),
    problems: z.array(Problem).describe("what keeps the draft from being published"),
  })
  .meta({ id: "FlowView" });
export type FlowView = z.infer<typeof FlowView>;

export const VersionRow = Version.omit({ graph: true, workspaceId: true })
  .extend({ live: z.boolean() })
  .meta({ id: "VersionRow" });
export const VersionView = Version.omit({ workspaceId: true })
  .extend({ live: z.boolean() })
  .meta({ id: "VersionView" });

export const EventView = z
  .object({
    kind: z.enum(["webhook", "schedule", "manual"]),
    id: z.string(),
    at: time,
    data: json.describe("what the steps see as `trigger`"),
    bytes: z.number().int().nullable().describe("size of the body as it came"),
  })
  .meta({ id: "Event" });
export type EventView = z.infer<typeof EventView>;

export const SampleView = z
  .object({
    id: z.string(),
    name: z.string(),
    createdAt: time,
    from: z
      .enum(["caught", "run", "made"])
      .describe("caught while the flow slept, the event of a run, or made by hand"),
    pinned: z.boolean().describe("kept when newer ones come"),
    event: EventView,
  })
  .meta({ id: "Sample" });

export const RunRowView = z
  .object({
    id: z.string(),
    flowId: z.string(),
    flowName: z.string(),
    versionId: z.string(),
    versionNumber: z.number().int().nullable(),
    status: RunStatus,
    summary: z.string().describe("the start of the event, on one line"),
    createdAt: time,
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
    wakeAt: time.nullable(),
    problem: Problem.nullable(),
    replayOf: z.string().nullable(),
  })
  .meta({ id: "RunRow" });
export type RunRowView = z.infer<typeof RunRowView>;

/** A run with everything that happened in it. */
export const RunView = RunRowView.extend({
  event: EventView,
  graph: Graph.describe("of the version it runs through"),
  steps: z.array(StepRun).describe("in order of beginning; the trigger is not among them"),
  response: RunResponse.nullable(),
}).meta({ id: "RunView" });
export type RunView = z.infer<typeof RunView>;

export const TokenRow = z
  .object({
    id: z.string(),
    name: z.string(),
    tail: z.string(),
    createdAt: time,
    lastUsedAt: time.nullable(),
  })
  .meta({ id: "Token" });

const port = z.object({ id: z.string(), label: z.string() });
const fieldSpec: z.ZodType<FieldSpec> = z
  .object({
    key: z.string(),
    label: z.string(),
    help: z.string().optional(),
    control: Control,
    required: z.boolean(),
    requiredWhenShown: z.boolean().optional(),
    default: json.optional(),
    placeholder: z.string().optional(),
    options: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
    secret: z.boolean().optional(),
    showIf: z.object({ field: z.string(), in: z.array(json) }).optional(),
    advanced: z.boolean().optional(),
    get items() {
      return z.array(fieldSpec).optional();
    },
  })
  .meta({ id: "Field" });

export const ConnectorView = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    color: z.string(),
    icon: z.string(),
    connection: z.object({ fields: z.array(fieldSpec), help: z.string().optional() }).optional(),
    triggers: z.array(
      z.object({
        uses: z.string(),
        name: z.string(),
        description: z.string(),
        icon: z.string().optional(),
        fields: z.array(fieldSpec),
        starts: z.enum(["catch", "schedule"]),
        sample: json,
      }),
    ),
    actions: z.array(
      z.object({
        uses: z.string(),
        name: z.string(),
        description: z.string(),
        icon: z.string().optional(),
        fields: z.array(fieldSpec),
        ports: z.union([
          z.object({ kind: z.literal("fixed"), ports: z.array(port) }),
          z.object({ kind: z.literal("cases"), field: z.string(), else: port }),
        ]),
        repeat: z.enum(["safe", "with key", "ask"]),
        connection: z.enum(["none", "optional", "required"]),
        sample: json,
        sampleInput: z.record(z.string(), json),
      }),
    ),
  })
  .meta({ id: "Connector" });
