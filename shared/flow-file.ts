// A flow as one JSON file: to keep, to send to somebody, to take into another installation. There are no secrets in it.
//
//   { "flowcatch": 1, "name": …, "notes": …, "connections": { "slack-1": { "connector": "slack" } }, "graph": … }
//
// Connections stay behind. Where a step had one, the file has a placeholder such as "slack-1": steps that shared a
// connection share it, and whoever takes the file in says what stands for it. How the catch URL catches goes along
// where somebody changed it; its secrets stay behind.

import { z } from "zod";
import { CatchSettings, DEFAULT_CATCH_SETTINGS } from "./catching.ts";
import { isTooDeep } from "./event.ts";
import { withoutSecrets } from "./flow-file-secrets.ts";
import { Graph, type Step, stepsOf } from "./graph.ts";
import { connectorOf } from "./manifest.ts";
import type { Problem } from "./problem.ts";

export const FLOW_FILE_FORMAT = 1;
/** What the API takes as a draft. */
export const MAX_FILE_BYTES = 2_000_000;

const PLACEHOLDER = /^[a-z][a-z0-9-]{0,60}-[0-9]{1,4}$/;

export const FlowFile = z
  .strictObject({
    flowcatch: z.literal(FLOW_FILE_FORMAT),
    name: z.string().trim().min(1, "must not be empty").max(200),
    notes: z.string().max(10_000).optional(),
    connections: z
      .record(
        z.string().regex(PLACEHOLDER, "looks like slack-1"),
        z.strictObject({ connector: z.string().max(80) }),
      )
      .optional(),
    catching: CatchSettings.strict().optional(),
    graph: Graph,
  })
  .superRefine(({ graph, connections = {} }, ctx) => {
    for (const { id, uses, connectionId } of stepsOf(graph)) {
      if (connectionId === undefined) continue;
      const place = Object.hasOwn(connections, connectionId) ? connections[connectionId] : undefined;
      if (place?.connector === connectorOf(uses)) continue;
      const message = place ? `is a connection for ${place.connector}` : "names no connection of this file";
      ctx.addIssue({ code: "custom", path: ["graph", "steps", id, "connectionId"], message });
    }
  });
export type FlowFile = z.infer<typeof FlowFile>;

/** The file of a flow, and the places (“Send a request”, header “Authorization”) whose values were left out as secret. */
export function toFlowFile(flow: {
  name: string;
  graph: Graph;
  notes?: string;
  catching?: CatchSettings | undefined;
}): { file: FlowFile; leftOut: string[] } {
  const places = new Map<string, string>();
  const counts = new Map<string, number>();
  const leftOut: string[] = [];
  const steps = stepsOf(flow.graph).map((step): Step => {
    const { connectionId, ...rest } = step;
    const { input, found } = withoutSecrets(step.input);
    leftOut.push(...found.map((what) => `“${step.name}”, ${what}`));
    if (connectionId === undefined) return { ...rest, input };
    return { ...rest, input, connectionId: placeholder(connectionId, connectorOf(step.uses)) };
  });

  function placeholder(connectionId: string, connector: string): string {
    const key = JSON.stringify([connector, connectionId]);
    const known = places.get(key);
    if (known !== undefined) return known;
    const number = (counts.get(connector) ?? 0) + 1;
    counts.set(connector, number);
    places.set(key, `${connector}-${number}`);
    return `${connector}-${number}`;
  }

  const connections = Object.fromEntries(
    [...places.values()].map((name) => [name, { connector: name.slice(0, name.lastIndexOf("-")) }]),
  );
  const file: FlowFile = {
    flowcatch: FLOW_FILE_FORMAT,
    name: flow.name,
    ...(flow.notes ? { notes: flow.notes } : {}),
    ...(places.size > 0 ? { connections } : {}),
    ...catchingFor(flow.catching, leftOut),
    graph: { ...flow.graph, steps: Object.fromEntries(steps.map((step) => [step.id, step])) },
  };
  return { file, leftOut };
}

/** What a new flow has anyway is left out. */
function catchingFor(settings: CatchSettings | undefined, leftOut: string[]): Pick<FlowFile, "catching"> {
  if (!settings || JSON.stringify(CatchSettings.parse(settings)) === JSON.stringify(DEFAULT_CATCH_SETTINGS))
    return {};
  const { input, found } = withoutSecrets(settings);
  leftOut.push(...found.map((what) => `the catch URL, ${what}`));
  return { catching: CatchSettings.parse(input) };
}

export function flowFileText(file: FlowFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** "Order paid → e-mail" → "order-paid-e-mail.flowcatch.json" */
export function flowFileName(name: string): string {
  const slug = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return `${slug || "flow"}.flowcatch.json`;
}

export type ReadFlowFile = { ok: true; file: FlowFile } | { ok: false; problem: Problem };

/** Whatever somebody calls a flow file. */
export function readFlowFile(text: string): ReadFlowFile {
  if (text.length > MAX_FILE_BYTES) {
    const sentence = "This file is too large to be a flow: 2 MB at most.";
    return { ok: false, problem: { code: "flow-file-too-large", sentence, hint: "Choose another file." } };
  }
  const data = parse(text);
  if (typeof data !== "object" || data === null || !Object.hasOwn(data, "flowcatch")) {
    return invalid("This file is not a flow.", "Choose one that was exported from Flowcatch.");
  }
  const format = "flowcatch" in data ? data.flowcatch : undefined;
  if (typeof format === "number" && format > FLOW_FILE_FORMAT) {
    const sentence = "This file was exported from a newer Flowcatch.";
    return {
      ok: false,
      problem: { code: "flow-file-newer", sentence, hint: "Update this installation first." },
    };
  }
  if (isTooDeep(data)) return invalid("This file is nested too deep to be a flow.", "Choose another file.");
  const parsed = FlowFile.safeParse(data);
  if (parsed.success) return { ok: true, file: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue?.path.map(String).join(".") ?? "";
  return invalid(
    "This file is no flow that can be read, or it was changed by hand.",
    `${where === "" ? "" : `${where.slice(0, 120)}: `}${(issue?.message ?? "").slice(0, 200)}`,
  );
}

function parse(text: string): unknown {
  try {
    // Some editors begin a file with a mark that JSON does not know.
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

function invalid(sentence: string, hint: string): ReadFlowFile {
  return { ok: false, problem: { code: "flow-file-invalid", sentence, hint } };
}

export interface FileConnection {
  /** "slack-1" */
  placeholder: string;
  connector: string;
  /** The names of the steps that use it. */
  steps: string[];
}

/** What whoever takes the file in has to choose. */
export function connectionsOf({ graph, connections = {} }: FlowFile): FileConnection[] {
  return Object.entries(connections)
    .map(([placeholder, { connector }]) => ({
      placeholder,
      connector,
      steps: stepsOf(graph)
        .filter((step) => step.connectionId === placeholder)
        .map((step) => step.name),
    }))
    .filter(({ steps }) => steps.length > 0);
}

/** The graph with the chosen connections (by placeholder); a step whose was not chosen has none. */
export function graphOf({ graph }: FlowFile, chosen: ReadonlyMap<string, string>): Graph {
  const steps = stepsOf(graph).map(({ connectionId: placeholder, ...step }): Step => {
    const connectionId = placeholder === undefined ? undefined : chosen.get(placeholder);
    return connectionId === undefined ? step : { ...step, connectionId };
  });
  return { ...graph, steps: Object.fromEntries(steps.map((step) => [step.id, step])) };
}
