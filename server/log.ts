// Structured logging that hides what must not be in a log: credentials by name, catch keys wherever they stand.

import { pino } from "pino";
import type { LogLevel } from "./config.ts";
import type { Log } from "./engine/deps.ts";

export interface LogOptions {
  level: LogLevel;
  /** One readable line instead of JSON. */
  human: boolean;
  /** Where a finished line goes; default: standard output. */
  write?: (line: string) => void;
}

/** A log. Values under names such as `password` are hidden at every depth, and errors lose all but their own story. */
export function createLog(options: LogOptions): Log {
  const out = options.write ?? ((line: string) => process.stdout.write(line));
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (about) => clean(about, 0) },
    },
    { write: (line: string) => out(maskCatchKeys(options.human ? toHuman(line) : line)) },
  );
}

/** A catch key is as good as a password: only its first four characters stay. */
export function maskCatchKeys(text: string): string {
  return text.replace(/(\/catch\/[A-Za-z0-9_-]{4})[A-Za-z0-9_-]{4,}/g, "$1…");
}

const HIDDEN = /authorization|cookie|password|passwd|secret|token|api[-_]?key|signature|catchkey|^key$/i;
const DEEPEST = 6;

function clean(value: object, depth: number): Record<string, unknown> {
  if (value instanceof Error) return story(value, depth);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      HIDDEN.test(name) && inner !== null && inner !== undefined ? "[hidden]" : cleanValue(inner, depth + 1),
    ]),
  );
}

function cleanValue(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEEPEST) return "[deeper]";
  if (Array.isArray(value)) return value.slice(0, 100).map((entry) => cleanValue(entry, depth + 1));
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  return clean(value, depth);
}

/** Name, message, stack, code and cause; not the requests and answers that clients hang on their errors. */
function story(error: Error, depth: number): Record<string, unknown> {
  return {
    name: error.name,
    message: error.message,
    code: "code" in error ? error.code : undefined,
    problem: "problem" in error ? error.problem : undefined,
    stack: error.stack,
    cause: error.cause === undefined ? undefined : cleanValue(error.cause, depth + 1),
  };
}

/** `12:00:00 info  the message  name=value …`, and below it the stack of an error. */
function toHuman(line: string): string {
  const { level, time, msg, ...about }: Record<string, unknown> = JSON.parse(line);
  const stacks: string[] = [];
  const words = Object.entries(about).map(([name, value]) => {
    if (typeof value === "object" && value !== null && "stack" in value && "message" in value) {
      stacks.push(String(value.stack));
      return `${name}=${String(value.message)}`;
    }
    return `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`;
  });
  const first = [String(time).slice(11, 19), String(level).padEnd(5), msg, ...words].join(" ");
  return `${[first, ...stacks].join("\n")}\n`;
}
