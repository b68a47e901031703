// What every control of a form gets: one field, its value, and what is wrong with it.

import type { FieldSpec } from "../../shared/field.ts";

export interface ControlProps {
  field: FieldSpec;
  value: unknown;
  onChange: (value: unknown) => void;
  /** What is wrong, in a few words. */
  problem: string | undefined;
  /** For a secret that is already kept: its mask. */
  kept?: string | undefined;
}

/** What Mantine's inputs share. */
export function labels({ field, problem }: ControlProps) {
  return {
    label: field.label,
    description: field.help,
    placeholder: field.placeholder,
    required: field.required,
    error: problem,
    name: field.key,
  };
}

export function asText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}
