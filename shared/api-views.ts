// What the API gives: the shapes of its answers, made of the domain's own.

import { z } from "zod";
import { CatchSettings } from "./catching.ts";
import { Verdict } from "./delivery.ts";
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

/** A request that reached a catch URL, in the list. */
export const DeliveryRowView = z
  .object({
    id: z.string().describe("of one that was accepted: its run's id"),
    flowId: z.string(),
    flowName: z.string(),
    at: time,
    verdict: Verdict,
    problem: Problem.nullable().describe("why it was not taken"),
    runId: z.string().nullable().describe("the run that it became, or that the first one became"),
    runStatus: RunStatus.nullable().describe("how that run stands, when it became one"),
    method: z.string(),
    contentType: z.string(),
    summary: z.string().describe("the start of the body, on one line"),
    bytes: z.number().int(),
    status: z.number().int().describe("what was answered"),
  })
  .meta({ id: "DeliveryRow" });
export type DeliveryRowView = z.infer<typeof DeliveryRowView>;

export const DeliveryView = DeliveryRowView.extend({
  from: z.string().nullable().describe("the address that it came from, where it is known"),
  url: z.string().describe("the catch URL with the query"),
  headers: z.record(z.string(), z.string()).describe("secrets are masked"),
  notes: z.array(z.string()).describe("what was understood otherwise than it was said"),
  text: z.string().nullable().describe("the body as text; null when it is no UTF-8"),
  base64: z.string().describe("the body's bytes"),
  kept: z.number().int().describe("how many of the body's bytes are here"),
  data: json.describe("what the steps would see as `trigger`; null when the body cannot be read"),
  unreadable: z.string().nullable().describe("why the body cannot be read"),
  duplicateOfAt: time.nullable().describe("when the first one came"),
}).meta({ id: "Delivery" });
export type DeliveryView = z.infer<typeof DeliveryView>;

/** How a flow's catch URL catches. Secrets are counted, never shown. */
export const CatchingView = z
  .object({
    settings: CatchSettings,
    secrets: z.number().int().describe("how many there are"),
    looksLike: z
      .object({ preset: z.string(), name: z.string(), because: z.string(), deliveries: z.number().int() })
      .nullable()
      .describe("whom the newest deliveries seem to come from, when it is not whom the settings name"),
  })
  .meta({ id: "Catching" });
export type CatchingView = z.infer<typeof CatchingView>;

export const VerificationView = z
  .object({
    id: z.string(),
    name: z.string(),
    method: z.string().describe("in words: what is signed and how"),
    header: z.string().nullable(),
    signed: z.string().nullable().describe("such as `timestamp.body`"),
    algorithm: z.string().nullable(),
    encoding: z.string().nullable(),
    toleranceSeconds: z.number().int().nullable(),
    secretLabel: z.string(),
    secretHelp: z.string(),
    needsSecret: z.boolean(),
    settings: z.array(z.object({ key: z.string(), label: z.string(), help: z.string() })),
    dedupe: z.string().nullable().describe("what tells duplicates"),
    handshake: z.string().nullable(),
    source: z.string(),
    samples: z
      .array(z.object({ event: z.string(), name: z.string() }))
      .describe("what can be sent as a sample"),
  })
  .meta({ id: "Verification" });
export type VerificationView = z.infer<typeof VerificationView>;
