// The description of the API for programs: OpenAPI 3.1, made of shared/api.ts.

import { z } from "zod";
import { type Api, api, LIVE_PATH, Moved } from "../../shared/api.ts";
import { Edge, Step } from "../../shared/graph.ts";
import { WireProblem } from "../../shared/problem.ts";

type Json = { [key: string]: unknown };
type AnyRoute = Api[keyof Api];

/** The whole document as JSON text in UTF-8. Made once: it depends on nothing that changes while the server runs. */
export function openapi(): Buffer {
  made ??= Buffer.from(JSON.stringify(make()));
  return made;
}

let made: Buffer | undefined;

function make(): Json {
  const components: Json = {};
  const schema = (type: z.ZodType, io: "input" | "output") => toSchema(type, io, components);
  const problem = schema(WireProblem, "output");
  const paths: Record<string, Json> = {};
  for (const [name, route] of Object.entries(api)) {
    const path = `/api${route.path}`;
    paths[path] = { ...paths[path], [route.method]: operation(name, route, schema) };
  }
  paths[`/api${LIVE_PATH}`] = {
    get: {
      operationId: "live",
      summary: "What moves, as server-sent events named `moved`",
      tags: ["runs"],
      responses: {
        200: {
          description: "a stream; the data of each event says what to fetch again",
          content: { "text/event-stream": { schema: schema(Moved, "output") } },
        },
        default: { $ref: "#/components/responses/Problem" },
      },
    },
  };
  components.Step = schema(Step, "output");
  components.Edge = schema(Edge, "output");
  return {
    openapi: "3.1.0",
    info: {
      title: "Flowcatch",
      version: "1",
      description:
        "Every answer that is not a success is a problem (RFC 9457) with a stable `code`. " +
        "Times are milliseconds since 1970.",
    },
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "an API token" },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "flowcatch",
          description: "set by signing in; named `__Host-flowcatch` over https",
        },
      },
      responses: {
        Problem: {
          description: "what is wrong",
          content: { "application/problem+json": { schema: problem } },
        },
      },
    },
  };
}

function operation(
  name: string,
  route: AnyRoute,
  schema: (type: z.ZodType, io: "input" | "output") => Json,
): Json {
  const { params, query, body, response } = route;
  const parameters = [...parametersOf(schema, params, "path"), ...parametersOf(schema, query, "query")];
  return {
    operationId: name,
    summary: route.summary,
    tags: [route.group],
    ...(route.access === "public" ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(isNone(body)
      ? {}
      : {
          requestBody: { required: true, content: { "application/json": { schema: schema(body, "input") } } },
        }),
    responses: {
      [route.status]: isNone(response)
        ? { description: "done" }
        : { description: "done", content: { "application/json": { schema: schema(response, "output") } } },
      default: { $ref: "#/components/responses/Problem" },
    },
  };
}

function parametersOf(
  schema: (type: z.ZodType, io: "input" | "output") => Json,
  type: z.ZodType,
  place: "path" | "query",
): Json[] {
  if (!(type instanceof z.ZodObject)) return [];
  return Object.entries(type.shape).map(([name, field]: [string, z.ZodType]) => ({
    name,
    in: place,
    required: place === "path" || !field.safeParse(undefined).success,
    // in an address everything is text to begin with, and what it is made into is what it must look like
    schema: schema(field, place === "path" ? "output" : "input"),
  }));
}

function isNone(type: z.ZodType): boolean {
  return type instanceof z.ZodUndefined;
}

/** The JSON Schema of a type. Types with an id of their own go into `components`, once each. */
function toSchema(type: z.ZodType, io: "input" | "output", components: Json): Json {
  const json = asJson(withoutNoise(z.toJSONSchema(type, { io, unrepresentable: "any" })));
  const { $schema: _, $defs, ...schema } = json;
  const definitions = Object.entries($defs ?? {}).map(([id, definition]): [string, unknown] => [
    id,
    id === "Graph" ? GRAPH : definition,
  ]);
  const names = new Map<string, string>();
  for (const [id, definition] of definitions) {
    // What a caller sends may look different from what it gets: then it gets a name of its own.
    const same = !(id in components) || sameText(components[id], pointToComponents(definition, names));
    names.set(id, same ? id : `${id}Input`);
  }
  for (const [id, definition] of definitions) {
    components[names.get(id) ?? id] = withoutId(pointToComponents(definition, names));
  }
  // A type with an id that stands at the top is a component, too.
  if (typeof schema.id === "string" && !(schema.id in components)) {
    const { id } = schema;
    components[id] = withoutId(pointToComponents(schema, names));
    return { $ref: `#/components/schemas/${id}` };
  }
  return asJson(withoutId(pointToComponents(schema, names)));
}

function pointToComponents(value: unknown, names: Map<string, string>): unknown {
  if (Array.isArray(value)) return value.map((inner) => pointToComponents(inner, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const id =
        key === "$ref" && typeof inner === "string" ? /^#\/\$defs\/(.+)$/.exec(inner)?.[1] : undefined;
      if (id !== undefined) return [key, `#/components/schemas/${names.get(id) ?? id}`];
      return [key, pointToComponents(inner, names)];
    }),
  );
}

function withoutId(schema: unknown): unknown {
  const { id: _, ...rest } = asJson(schema);
  return rest;
}

function asJson(value: unknown): Json {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function sameText(a: unknown, b: unknown): boolean {
  return JSON.stringify(withoutId(a)) === JSON.stringify(withoutId(b));
}

/** A graph reads its steps and edges one by one, which a JSON Schema cannot say of code: said here. */
const GRAPH = {
  id: "Graph",
  type: "object",
  properties: {
    steps: { type: "object", additionalProperties: { $ref: "#/$defs/Step" }, description: "by id" },
    edges: { type: "object", additionalProperties: { $ref: "#/$defs/Edge" }, description: "by id" },
    notes: {
      type: "object",
      additionalProperties: { type: "object" },
      description: "sticky notes by id: for people; no run looks at them",
    },
  },
  required: ["steps", "edges"],
};

const SAFE = [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];

/** Without what says nothing: the bounds of every whole number there is. */
function withoutNoise(definition: unknown): unknown {
  if (Array.isArray(definition)) return definition.map(withoutNoise);
  if (typeof definition !== "object" || definition === null) return definition;
  return Object.fromEntries(
    Object.entries(definition)
      .filter(
        ([key, value]) => key !== "antiExamples" && !(/^(min|max)imum$/.test(key) && SAFE.includes(value)),
      )
      .map(([key, value]) => [key, withoutNoise(value)]),
  );
}
