// What the editor, the checks and the documentation may know of a connector; computed from the connector, never written by hand.

import type { FieldSpec } from "./field.ts";
import type { Step } from "./graph.ts";

/** May a step that was cut off in mid-flight be done again without asking? */
export type Repeat =
  /** yes: doing it twice is the same as doing it once */
  | "safe"
  /** yes: the target is told the same idempotency key again */
  | "with key"
  /** no: a person decides */
  | "ask";

/** The ways out of a step: a fixed list, or one per entry of a `cases` field plus an else port. */
export type Ports =
  | { kind: "fixed"; ports: { id: string; label: string }[] }
  | { kind: "cases"; field: string; else: { id: string; label: string } };

export interface TriggerManifest {
  /** "webhook.catch" */
  uses: string;
  name: string;
  description: string;
  /** Instead of the connector's. */
  icon?: string | undefined;
  fields: FieldSpec[];
  /** How it starts a run: somebody calls the catch URL, or the clock does. */
  starts: "catch" | "schedule";
  /** An event as later steps can map from before anything ran. */
  sample: unknown;
}

export interface ActionManifest {
  /** "slack.sendMessage" */
  uses: string;
  name: string;
  description: string;
  /** Instead of the connector's. */
  icon?: string | undefined;
  fields: FieldSpec[];
  ports: Ports;
  repeat: Repeat;
  connection: "none" | "optional" | "required";
  /** An output as later steps can map from before anything ran. */
  sample: unknown;
  /** The input that gave it. */
  sampleInput: Record<string, unknown>;
}

export interface ConnectorManifest {
  id: string;
  name: string;
  description: string;
  /** CSS hex colour of its icon. */
  color: string;
  /** An icon name of the Tabler set, such as "brand-slack". */
  icon: string;
  /** The fields of its connection, when it has one. */
  connection?: { fields: FieldSpec[]; help?: string | undefined } | undefined;
  triggers: TriggerManifest[];
  actions: ActionManifest[];
}

/** Everything that can be used in a graph, by `uses`. */
export interface Manifests {
  connectors: ConnectorManifest[];
  triggers: Map<string, TriggerManifest>;
  actions: Map<string, ActionManifest>;
}

export function indexManifests(connectors: ConnectorManifest[]): Manifests {
  return {
    connectors,
    triggers: new Map(connectors.flatMap((c) => c.triggers.map((t) => [t.uses, t] as const))),
    actions: new Map(connectors.flatMap((c) => c.actions.map((a) => [a.uses, a] as const))),
  };
}

/** "slack" of "slack.sendMessage". */
export function connectorOf(uses: string): string {
  return uses.slice(0, uses.indexOf("."));
}

export interface Port {
  id: string;
  label: string;
}

const ERROR_PORT: Port = { id: "error", label: "error" };

/** The ports a step can be left by, in drawing order, `error` last. A trigger and an unknown action have `main`. */
export function portsOf(step: Step, manifests: Manifests): Port[] {
  if (manifests.triggers.has(step.uses)) return [{ id: "main", label: "" }];
  const action = manifests.actions.get(step.uses);
  if (!action) return [{ id: "main", label: "" }, ERROR_PORT];
  if (action.ports.kind === "fixed") return [...action.ports.ports, ERROR_PORT];
  const cases = step.input[action.ports.field];
  const named = (Array.isArray(cases) ? cases : []).flatMap((one: unknown) =>
    typeof one === "object" && one !== null && "id" in one && typeof one.id === "string"
      ? [{ id: one.id, label: "name" in one && typeof one.name === "string" ? one.name : one.id }]
      : [],
  );
  return [...named, action.ports.else, ERROR_PORT];
}
