// The whole API as data: the server checks by it, the client is typed by it, /api/openapi.json is made of it.

import { z } from "zod";
import {
  CatchingView,
  ConnectorView,
  DeliveryRowView,
  DeliveryView,
  FlowRow,
  FlowView,
  Me,
  RunRowView,
  RunView,
  SampleView,
  Setup,
  TokenRow,
  VerificationView,
  VersionRow,
  VersionView,
} from "./api-views.ts";
import { CatchSettings } from "./catching.ts";
import { ConnectionView } from "./connection.ts";
import { Verdict } from "./delivery.ts";
import { Graph, Step } from "./graph.ts";
import { HealthView } from "./health.ts";
import { Problem } from "./problem.ts";
import { RunStatus } from "./run.ts";
import { CatchSecrets } from "./verification.ts";

export interface Route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  method: "get" | "post" | "put" | "patch" | "delete";
  /** Below /api, with `{name}` for parameters. */
  path: string;
  summary: string;
  group: string;
  /** `public` needs no session and no token. */
  access: "public" | "member";
  params: P;
  query: Q;
  body: B;
  response: R;
  status: 200 | 201 | 202 | 204;
}

const none = z.undefined();
type None = typeof none;

function route<
  P extends z.ZodType = None,
  Q extends z.ZodType = None,
  B extends z.ZodType = None,
  R extends z.ZodType = None,
>(
  definition: Pick<Route<P, Q, B, R>, "method" | "path" | "summary" | "group"> & {
    access?: "public" | "member";
    params?: P;
    query?: Q;
    body?: B;
    response?: R;
    status?: 200 | 201 | 202 | 204;
  },
): Route<P, Q, B, R> {
  const {
    params,
    query,
    body,
    response,
    access = "member",
    status = response ? 200 : 204,
    ...rest
  } = definition;
  return {
    ...rest,
    access,
    status,
    params: (params ?? none) as P,
    query: (query ?? none) as Q,
    body: (body ?? none) as B,
    response: (response ?? none) as R,
  };
}

const id = z.string().min(1).max(80);
const byId = z.object({ id });
const password = z.string().min(12, "has at least 12 characters").max(1_000);
const email = z.email("is an e-mail address").max(254);
const name = z.string().trim().min(1, "must not be empty").max(200);
const json = z.unknown();

const page = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable().describe("give it as `cursor` for the next page"),
  });

/** `?status=failed,waiting` → a list; numbers in a query come as text. */
const statuses = z
  .string()
  .transform((text) => text.split(",").filter(Boolean))
  .pipe(z.array(RunStatus))
  .optional();
const verdicts = z
  .string()
  .transform((text) => text.split(",").filter(Boolean))
  .pipe(z.array(Verdict))
  .optional();
const queryTime = z.coerce.number().int().min(0).optional();

export const api = {
  // account
  setup: route({
    method: "get",
    path: "/setup",
    group: "account",
    access: "public",
    summary: "Is there an owner yet, and who am I",
    response: Setup,
  }),
  createOwner: route({
    method: "post",
    path: "/setup",
    group: "account",
    access: "public",
    summary: "Create the owner (once) and sign in",
    body: z.object({ email, password }),
    response: Me,
    status: 201,
  }),
  signIn: route({
    method: "post",
    path: "/session",
    group: "account",
    access: "public",
    summary: "Sign in; sets the session cookie",
    body: z.object({ email: z.string().max(254), password: z.string().max(1_000) }),
    response: Me,
  }),
  signOut: route({ method: "delete", path: "/session", group: "account", summary: "Sign out" }),
  tokens: route({
    method: "get",
    path: "/tokens",
    group: "account",
    summary: "API tokens",
    response: z.object({ items: z.array(TokenRow) }),
  }),
  createToken: route({
    method: "post",
    path: "/tokens",
    group: "account",
    summary: "Make an API token; it is shown this once",
    body: z.object({ name }),
    response: TokenRow.extend({ token: z.string() }),
    status: 201,
  }),
  deleteToken: route({
    method: "delete",
    path: "/tokens/{id}",
    group: "account",
    summary: "Revoke an API token",
    params: byId,
  }),

  // flows
  flows: route({
    method: "get",
    path: "/flows",
    group: "flows",
    summary: "All flows",
    response: z.object({ items: z.array(FlowRow) }),
  }),
  createFlow: route({
    method: "post",
    path: "/flows",
    group: "flows",
    summary: "Create a flow; without a graph it starts with a catch trigger",
    body: z.object({
      name,
      graph: Graph.optional(),
      catching: CatchSettings.optional().describe(
        "how its catch URL catches; its secrets are given afterwards",
      ),
    }),
    response: FlowView,
    status: 201,
  }),
  flow: route({
    method: "get",
    path: "/flows/{id}",
    group: "flows",
    summary: "One flow with its draft",
    params: byId,
    response: FlowView,
  }),
  saveDraft: route({
    method: "put",
    path: "/flows/{id}/draft",
    group: "flows",
    summary: "Save the draft; 409 when somebody saved since the revision you read",
    params: byId,
    body: z.object({ revision: z.number().int(), name: name.optional(), graph: Graph }),
    response: FlowView,
  }),
  renameFlow: route({
    method: "patch",
    path: "/flows/{id}",
    group: "flows",
    summary: "Rename a flow",
    params: byId,
    body: z.object({ name }),
    response: FlowView,
  }),
  deleteFlow: route({
    method: "delete",
    path: "/flows/{id}",
    group: "flows",
    summary: "Delete a flow with its versions, samples and runs",
    params: byId,
  }),
  duplicateFlow: route({
    method: "post",
    path: "/flows/{id}/duplicate",
    group: "flows",
    summary: "Copy a flow's draft into a new flow",
    params: byId,
    response: FlowView,
    status: 201,
  }),
  publishFlow: route({
    method: "post",
    path: "/flows/{id}/publish",
    group: "flows",
    summary:
      "Freeze the draft as the next version and make it live; 422 with every problem when it is not ready",
    params: byId,
    body: z.object({ note: z.string().max(500).default(""), revision: z.number().int().optional() }),
    response: FlowView,
  }),
  pauseFlow: route({
    method: "post",
    path: "/flows/{id}/pause",
    group: "flows",
    summary: "Stop starting runs",
    params: byId,
    response: FlowView,
  }),
  resumeFlow: route({
    method: "post",
    path: "/flows/{id}/resume",
    group: "flows",
    summary: "Start runs again, through the live version",
    params: byId,
    response: FlowView,
  }),
  rotateCatchKey: route({
    method: "post",
    path: "/flows/{id}/rotate-key",
    group: "flows",
    summary: "Give the flow a new catch URL; the old one stops working at once",
    params: byId,
    response: FlowView,
  }),
  versions: route({
    method: "get",
    path: "/flows/{id}/versions",
    group: "flows",
    summary: "Versions, newest first",
    params: byId,
    response: z.object({ items: z.array(VersionRow) }),
  }),
  version: route({
    method: "get",
    path: "/flows/{id}/versions/{number}",
    group: "flows",
    summary: "One version with its graph",
    params: z.object({ id, number: z.coerce.number().int() }),
    response: VersionView,
  }),
  restoreVersion: route({
    method: "post",
    path: "/flows/{id}/versions/{number}/restore",
    group: "flows",
    summary: "Make the version's graph the draft (publish makes it live)",
    params: z.object({ id, number: z.coerce.number().int() }),
    body: z.object({ revision: z.number().int() }),
    response: FlowView,
  }),
  samples: route({
    method: "get",
    path: "/flows/{id}/samples",
    group: "flows",
    summary: "Pinned samples, then the last 20 events: caught while the flow slept, and of its newest runs",
    params: byId,
    response: z.object({ items: z.array(SampleView) }),
  }),
  createSample: route({
    method: "post",
    path: "/flows/{id}/samples",
    group: "flows",
    summary: "Keep an event that was made or edited by hand as a sample",
    params: byId,
    body: z.object({ name, data: json.describe("what the steps see as `trigger`") }),
    response: SampleView,
    status: 201,
  }),
  pinSample: route({
    method: "post",
    path: "/flows/{id}/samples/{sampleId}/pin",
    group: "flows",
    summary:
      "Pin a sample, so that newer ones do not push it out, or let go of it; a run's event becomes a sample of its own",
    params: z.object({ id, sampleId: id }),
    body: z.object({ pinned: z.boolean() }),
    response: SampleView,
  }),
  deleteSample: route({
    method: "delete",
    path: "/flows/{id}/samples/{sampleId}",
    group: "flows",
    summary: "Delete a caught sample",
    params: z.object({ id, sampleId: id }),
  }),
  testStep: route({
    method: "post",
    path: "/flows/{id}/test-step",
    group: "flows",
    summary: "Run one step with sample data; with `dryRun` show the request and send nothing",
    params: byId,
    body: z.object({
      step: Step,
      scope: z.record(z.string(), json).describe("outputs by step id, `trigger` among them"),
      dryRun: z.boolean().default(false),
    }),
    response: z.object({
      input: json.describe("as rendered"),
      output: json,
      port: z.string().nullable(),
      problem: Problem.nullable(),
      requests: z.array(
        z.object({
          method: z.string(),
          url: z.string(),
          headers: z.record(z.string(), z.string()),
          body: z.string().nullable(),
        }),
      ),
      durationMs: z.number(),
    }),
  }),
  previewSchedule: route({
    method: "post",
    path: "/schedule/preview",
    group: "flows",
    summary: "The next five times of a schedule; 422 when it cannot be read",
    body: z.object({ uses: z.string().max(200), input: z.record(z.string(), json) }),
    response: z.object({ times: z.array(z.number()).describe("milliseconds since 1970") }),
  }),

  // connections
  connections: route({
    method: "get",
    path: "/connections",
    group: "connections",
    summary: "Connections; their secrets never come out again",
    response: z.object({ items: z.array(ConnectionView) }),
  }),
  createConnection: route({
    method: "post",
    path: "/connections",
    group: "connections",
    summary: "Seal credentials for a connector",
    body: z.object({ connectorId: id, name, fields: z.record(z.string(), json) }),
    response: ConnectionView,
    status: 201,
  }),
  updateConnection: route({
    method: "patch",
    path: "/connections/{id}",
    group: "connections",
    summary: "Rename it or replace fields; a secret that is left out stays as it is",
    params: byId,
    body: z.object({ name: name.optional(), fields: z.record(z.string(), json).optional() }),
    response: ConnectionView,
  }),
  testConnection: route({
    method: "post",
    path: "/connections/{id}/test",
    group: "connections",
    summary: "Try the credentials",
    params: byId,
    response: z.object({ ok: z.boolean(), message: z.string(), problem: Problem.nullable() }),
  }),
  deleteConnection: route({
    method: "delete",
    path: "/connections/{id}",
    group: "connections",
    summary: "Delete it; 409 while a live flow uses it",
    params: byId,
  }),
  connectors: route({
    method: "get",
    path: "/connectors",
    group: "connections",
    summary: "What can start a flow and what it can do",
    response: z.object({ items: z.array(ConnectorView) }),
  }),

  // runs
  runs: route({
    method: "get",
    path: "/runs",
    group: "runs",
    summary: "Runs, newest first",
    query: z.object({
      flowId: id.optional(),
      status: statuses,
      from: queryTime,
      to: queryTime,
      text: z.string().max(200).optional(),
      cursor: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    response: page(RunRowView),
  }),
  run: route({
    method: "get",
    path: "/runs/{id}",
    group: "runs",
    summary: "One run with its event and every step",
    params: byId,
    response: RunView,
  }),
  cancelRun: route({
    method: "post",
    path: "/runs/{id}/cancel",
    group: "runs",
    summary: "End a run that has not ended",
    params: byId,
    response: RunView,
  }),
  replayRun: route({
    method: "post",
    path: "/runs/{id}/replay",
    group: "runs",
    summary: "Run its event again, from the start, through the live version",
    params: byId,
    response: RunView,
    status: 201,
  }),
  answerRun: route({
    method: "post",
    path: "/runs/{id}/answer",
    group: "runs",
    summary: "Say what to do with a step that may or may not have happened",
    params: byId,
    body: z.object({
      path: z.string().max(2_000),
      choice: z.enum(["repeat", "skip", "stop"]),
      value: json.optional().describe("with `skip`: the output that later steps see"),
    }),
    response: RunView,
  }),

  // what reached the catch URLs
  deliveries: route({
    method: "get",
    path: "/deliveries",
    group: "deliveries",
    summary: "Requests that reached catch URLs, newest first",
    query: z.object({
      flowId: id.optional(),
      verdict: verdicts,
      from: queryTime,
      to: queryTime,
      text: z.string().max(200).optional(),
      cursor: z.string().max(400).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    response: page(DeliveryRowView),
  }),
  delivery: route({
    method: "get",
    path: "/deliveries/{id}",
    group: "deliveries",
    summary: "One request with its headers and its body",
    params: byId,
    response: DeliveryView,
  }),
  runDelivery: route({
    method: "post",
    path: "/deliveries/{id}/run",
    group: "deliveries",
    summary: "Run it now, whatever its verdict was",
    params: byId,
    body: z.object({
      draft: z.boolean().default(false).describe("through the draft instead of the live version"),
    }),
    response: z.object({ runId: z.string() }),
    status: 201,
  }),
  keepDelivery: route({
    method: "post",
    path: "/deliveries/{id}/sample",
    group: "deliveries",
    summary: "Keep it as a pinned sample for the editor",
    params: byId,
    response: SampleView,
    status: 201,
  }),
  catching: route({
    method: "get",
    path: "/flows/{id}/catching",
    group: "deliveries",
    summary: "How the flow's catch URL catches",
    params: byId,
    response: CatchingView,
  }),
  setCatching: route({
    method: "put",
    path: "/flows/{id}/catching",
    group: "deliveries",
    summary: "Change how the flow's catch URL catches; it counts at once",
    params: byId,
    body: z.object({
      settings: CatchSettings,
      secrets: CatchSecrets.shape.secrets
        .optional()
        .describe("all of them; left out: those that are there stay"),
      addSecrets: CatchSecrets.shape.secrets
        .optional()
        .describe("more, beside those that stay: while a secret is being changed; 5 in all"),
    }),
    response: CatchingView,
  }),
  verifications: route({
    method: "get",
    path: "/verifications",
    group: "deliveries",
    summary: "The senders whose signatures are known, as data",
    response: z.object({ items: z.array(VerificationView) }),
  }),
  sendSample: route({
    method: "post",
    path: "/flows/{id}/send-sample",
    group: "deliveries",
    summary:
      "Send the flow's catch URL a realistic request of a known sender, signed with the flow's own secret",
    params: byId,
    body: z.object({ preset: z.string().min(1).max(40), event: z.string().max(100).optional() }),
    response: z.object({
      status: z.number().int().describe("what the catch URL answered"),
      verdict: Verdict.describe("what became of it"),
      runId: z.string().nullable(),
      problem: Problem.nullable(),
    }),
  }),

  // the installation
  health: route({
    method: "get",
    path: "/health",
    group: "installation",
    summary: "What was taken and done lately, what waits, what went wrong, and how full the disk is",
    response: HealthView,
  }),
};

export type Api = typeof api;
export type RouteName = keyof Api;
/** What a caller sends: before defaults and transforms. */
export type ParamsOf<N extends RouteName> = z.input<Api[N]["params"]>;
export type QueryOf<N extends RouteName> = z.input<Api[N]["query"]>;
export type BodyOf<N extends RouteName> = z.input<Api[N]["body"]>;
export type ResponseOf<N extends RouteName> = z.output<Api[N]["response"]>;

/** The live stream: `GET /api/live`, server-sent events named `moved`; each says what to fetch again. */
export const LIVE_PATH = "/live";
export const Moved = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("run"), flowId: z.string(), runId: z.string() }),
  z.object({ kind: z.literal("flow"), flowId: z.string() }),
  z.object({ kind: z.literal("sample"), flowId: z.string(), sampleId: z.string() }),
  z.object({ kind: z.literal("delivery"), flowId: z.string(), deliveryId: z.string() }),
]);
export type Moved = z.infer<typeof Moved>;

/** What a catch URL answers when it took an event. */
export const CatchAnswer = z.object({
  runId: z.string().optional(),
  statusUrl: z.string().optional(),
  sampleId: z.string().optional(),
  duplicate: z.boolean().optional(),
  /** The flow's “only if” does not hold. */
  filtered: z.boolean().optional(),
  message: z.string().optional(),
});
