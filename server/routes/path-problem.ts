// What is wrong with the paths into an event that settings of a catch URL name.

import { isDataPath } from "../formats/data-path.ts";

/** Of `order.id`, by which a sender's request is known: names with dots between them. Null when nothing is wrong. */
export function fieldPathProblem(path: string): string | null {
  if (/[[\]{}]/.test(path) || path.split(".").some((part) => part === "" || part !== part.trim()))
    return `“${shown(path)}” is no path: it is names with dots between them, such as “order.id”.`;
  return null;
}

/** Of `order.lines[0].sku`, by which data is found. */
export function dataPathProblem(path: string): string | null {
  if (/\{\{|\}\}/.test(path)) return `“${shown(path)}” is a path such as “order.id”, without braces.`;
  return isDataPath(path)
    ? null
    : `“${shown(path)}” is no path: it is like “order.id” or “order.lines[0].sku”.`;
}

const ROOTS = ["method", "query", "headers", "body", "receivedAt"];

/** The same for a path that begins with a part of the request, such as `body.status`. */
export function requestPathProblem(path: string): string | null {
  const problem = dataPathProblem(path);
  if (problem !== null) return problem;
  const [, root = ""] = /^\s*([^.[\s]*)/.exec(path) ?? [];
  return ROOTS.includes(root)
    ? null
    : `“${shown(path)}” begins with none of ${ROOTS.join(", ")}: mostly it is “body.${shown(path)}”.`;
}

function shown(path: string): string {
  return path.slice(0, 80);
}
