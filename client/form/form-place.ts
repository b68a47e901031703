// Where a form stands. Inside a step's panel texts are written in a field that can hold data of other steps; elsewhere
// (the fields of a connection) in the plain controls. So no form loads what it does not need.

import { type ComponentType, createContext, type ReactNode, use } from "react";

export interface WritingProps {
  /** One line, several lines, a number, or any JSON. */
  kind: "line" | "lines" | "number" | "json";
  label: string;
  help?: string | undefined;
  placeholder?: string | undefined;
  required?: boolean | undefined;
  value: unknown;
  onChange: (value: unknown) => void;
  /** What is wrong, in a sentence. */
  problem?: string | undefined;
  /** It is empty and must not stay so. */
  wanting?: boolean | undefined;
  /** Without its label and help, for rows; the label is still what it is called. */
  bare?: boolean | undefined;
  /** More buttons, behind its own. */
  aside?: ReactNode;
}

export interface FormPlace {
  /** Draws a text that can hold data of other steps. */
  Writing: ComponentType<WritingProps>;
  /** What is wrong with the text at a place of the input, such as `headers.0.value`. */
  problemAt(path: string): string | undefined;
  /** Whether conditions hold with the data at hand; undefined while that cannot be told. */
  holds(conditions: unknown): boolean | undefined;
}

export const FormContext = createContext<FormPlace | null>(null);

/** Null outside a step's panel: there are no steps to take data from. */
export function useFormPlace(): FormPlace | null {
  return use(FormContext);
}
