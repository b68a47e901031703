// What every control of a form gets: one field, its value, and what is wrong with it.

import { type FieldSpec, isDemanded } from "../../shared/field.ts";

export interface ControlProps {
  field: FieldSpec;
  /** Where its value is in the whole input, such as `attachments.0.name`. */
  path: string;
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
    required: isDemanded(field),
    error: problem,
    name: field.key,
  };
}

/** What a written field gets, besides its kind. */
export function written(props: ControlProps) {
  const { field, value, problem, onChange } = props;
  const { label, help, placeholder } = field;
  return { label, help, placeholder, required: isDemanded(field), value, problem, onChange };
}

export function asText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}
