// How a changed field is called, and how its value is written down.

import type { durationMs } from "../../shared/field.ts";
import type { Step } from "../../shared/graph.ts";
import type { Manifests } from "../../shared/manifest.ts";

const OWN: Record<string, string> = {
  uses: "Action",
  name: "Name",
  connectionId: "Connection",
  disabled: "Switched off",
  retry: "Retries",
  timeoutMs: "Time limit",
  ifInterrupted: "If interrupted",
  note: "Note",
};

/** "input.url" → “Address”, as the form calls it. */
export function fieldLabel(key: string, step: Step, manifests: Manifests): string {
  if (!key.startsWith("input.")) return Object.hasOwn(OWN, key) ? (OWN[key] ?? key) : key;
  const name = key.slice("input.".length);
  const fields = (manifests.actions.get(step.uses) ?? manifests.triggers.get(step.uses))?.fields;
  return fields?.find((field) => field.key === name)?.label ?? name;
}

const LIMIT = 2_000;

/** Undefined for what is not there. `connections` are names by id. */
export function shownValue(
  key: string,
  value: unknown,
  connections: ReadonlyMap<string, string>,
): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (key === "connectionId") return connections.get(String(value)) ?? "One that does not exist any more";
  if (key === "timeoutMs" && typeof value === "number") return `${value / 1_000} seconds`;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (isDuration(value)) return `${value.amount} ${value.unit}`;
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return clip(value.join("\n"));
  return clip(typeof value === "object" ? JSON.stringify(value, null, 2) : String(value));
}

function isDuration(value: unknown): value is Parameters<typeof durationMs>[0] {
  if (typeof value !== "object" || value === null || Object.keys(value).length !== 2) return false;
  return "amount" in value && "unit" in value && typeof value.amount === "number";
}

function clip(text: string): string {
  return text.length > LIMIT ? `${text.slice(0, LIMIT).toWellFormed()}…` : text;
}
