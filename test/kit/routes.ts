// Lists every route of an Express app by walking its routers, so that no route can be forgotten in a test.

import type { Express } from "express";
import { z } from "zod";

export interface ListedRoute {
  method: string;
  path: string;
}

interface Layer {
  route?: { path: string; methods: Record<string, boolean> } | undefined;
  handle: unknown;
  match(path: string): boolean;
}

/** A router is a function that carries its layers. */
const Stack = z.array(z.custom<Layer>((layer) => typeof layer === "object"));

function stackOf(router: unknown): Layer[] | undefined {
  return typeof router === "function" && "stack" in router ? Stack.parse(router.stack) : undefined;
}

/** Where the app mounts its routers; a router anywhere else is an error, because its routes would go unseen. */
const MOUNTS = ["/", "/api"];

export function listRoutes(app: Express): ListedRoute[] {
  return walk(app.router, "");
}

function walk(router: unknown, base: string): ListedRoute[] {
  return (stackOf(router) ?? []).flatMap((layer): ListedRoute[] => {
    if (layer.route) {
      const { path, methods } = layer.route;
      return Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path: `${base}${path}` }));
    }
    if (!stackOf(layer.handle)) return [];
    const mount = MOUNTS.find((path) => layer.match(path));
    if (mount === undefined) throw new Error("a router is mounted where this walk does not look");
    return walk(layer.handle, mount === "/" ? base : `${base}${mount}`);
  });
}
