// What every part of the catch settings is made of: words for what holds, and a form between them and the settings.
//
// The keys of a form are the paths of its settings (`dedupe.header`), so that a problem of the server finds its field.

import { type CatchSettings, DEFAULT_CATCH_SETTINGS } from "../../../shared/catching.ts";
import { Duration, durationMs, type FieldSpec } from "../../../shared/field.ts";
import type { CatchChange, CatchingView, Sender } from "../../api/catching.ts";
import { isShown, problemsOf, type Values } from "../../form/form-values.ts";

export interface CatchSection {
  id: string;
  title: string;
  /** What holds now, in a sentence or two. */
  words(view: CatchingView, senders: readonly Sender[]): string;
  read(settings: CatchSettings): Values;
  fields(values: Values, senders: readonly Sender[]): FieldSpec[];
  /** What is wrong beyond an empty field, by key. */
  check?(values: Values, view: CatchingView, senders: readonly Sender[]): Record<string, string>;
  write(values: Values, view: CatchingView, senders: readonly Sender[]): CatchChange;
}

/** No problem at all. */
export const NOTHING: Record<string, string> = {};

/** Does anything of it differ from what a new flow has? */
export function isUsed(section: CatchSection, settings: CatchSettings): boolean {
  return JSON.stringify(section.read(settings)) !== JSON.stringify(section.read(DEFAULT_CATCH_SETTINGS));
}

/** What keeps the form from being sent, by key. */
export function problemsIn(
  section: CatchSection,
  values: Values,
  view: CatchingView,
  senders: readonly Sender[],
): Record<string, string> {
  const fields = section.fields(values, senders);
  const shown = fields.filter((field) => isShown(field, values, fields));
  const hidden = new Set(fields.filter((field) => !shown.includes(field)).map(({ key }) => key));
  const checked = Object.entries(section.check?.(values, view, senders) ?? {}).filter(
    ([key]) => !hidden.has(key),
  );
  return { ...Object.fromEntries(checked), ...problemsOf(shown, values) };
}

/** The key of the form that the path of a server's problem (`settings.dedupe.header`) is about. */
export function keyOf(path: string, keys: readonly string[]): string | undefined {
  if (/^(addS|s)ecrets\b/.test(path)) return keys.find((key) => key === "secret");
  const place = path.replace(/^settings\./, "");
  if (/^verification\.(kind|preset)$/.test(place)) return keys.find((key) => key === "sender");
  const around = keys.filter((key) => place === key || place.startsWith(`${key}.`));
  return around.sort((a, b) => b.length - a.length)[0] ?? keys.find((key) => key.startsWith(`${place}.`));
}

export const textOf = (values: Values, key: string): string => {
  const value = values[key];
  return typeof value === "string" ? value.trim() : "";
};

/** Null for an empty field. */
export const numberOf = (values: Values, key: string): number | null => {
  const value = values[key];
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : null;
};

export const textsOf = (values: Values, key: string): string[] => {
  const value = values[key];
  return (Array.isArray(value) ? value : []).flatMap((one) =>
    typeof one === "string" && one.trim() !== "" ? [one.trim()] : [],
  );
};

/** One of these, else the first of them. */
export function oneOf<const T extends readonly [string, ...string[]]>(
  values: Values,
  key: string,
  choices: T,
): T[number] {
  return choices.find((choice) => choice === values[key]) ?? choices[0];
}

/** A sentence when it is no whole number in that range; an empty field is for `required` to tell. */
export function wholeProblem(values: Values, key: string, min: number, max: number): Record<string, string> {
  const number = numberOf(values, key);
  const isFine = number === null || (Number.isInteger(number) && number >= min && number <= max);
  return isFine
    ? {}
    : {
        [key]: `Enter a whole number from ${min.toLocaleString("en-GB")} to ${max.toLocaleString("en-GB")}.`,
      };
}

const UNITS = [
  ["days", 86_400],
  ["hours", 3_600],
  ["minutes", 60],
] as const;

/** 604,800 → 7 days. */
export function durationOf(seconds: number): Duration {
  const [unit, size] = UNITS.find(([, length]) => seconds % length === 0) ?? (["seconds", 1] as const);
  return { amount: seconds / size, unit };
}

/** Undefined when no number was entered. */
export function secondsOf(value: unknown): number | undefined {
  const duration = Duration.safeParse(value);
  return duration.success ? Math.round(durationMs(duration.data) / 1_000) : undefined;
}

export function lengthOf(seconds: number): string {
  const { amount, unit } = durationOf(seconds);
  return `${amount.toLocaleString("en-GB")} ${amount === 1 ? unit.slice(0, -1) : unit}`;
}

export const several = (count: number, one: string, more = `${one}s`) =>
  `${count.toLocaleString("en-GB")} ${count === 1 ? one : more}`;
