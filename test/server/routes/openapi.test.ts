// The description of the API: everything is in it, and every reference leads somewhere.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { api } from "../../../shared/api.ts";
import { startTestApp, type TestApp } from "../../kit/app.ts";

const Operation = z.looseObject({
  operationId: z.string(),
  summary: z.string(),
  tags: z.array(z.string()),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        in: z.enum(["path", "query"]),
        required: z.boolean(),
        schema: z.looseObject({}),
      }),
    )
    .optional(),
  requestBody: z.looseObject({ content: z.record(z.string(), z.looseObject({})) }).optional(),
  responses: z.record(z.string(), z.looseObject({})),
});
const Document = z.looseObject({
  openapi: z.literal("3.1.0"),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.looseObject({ schemas: z.record(z.string(), z.looseObject({})) }),
});

let app: TestApp;
let text: string;
let document: z.infer<typeof Document>;
beforeAll(async () => {
  app = await startTestApp();
  const answer = await app.anonymous("GET", "/api/openapi.json");
  expect(answer.status).toBe(200);
  text = answer.text;
  document = Document.parse(answer.body);
});
afterAll(() => app.close());

describe("openapi.json", () => {
  test.each(Object.entries(api))("has %s", (name, route) => {
    const operation = document.paths[`/api${route.path}`]?.[route.method];
    expect(operation).toMatchObject({ operationId: name, summary: route.summary });
    expect(Object.keys(operation?.responses ?? {})).toEqual([String(route.status), "default"]);
    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, key]) => key);
    const described = operation?.parameters?.filter((p) => p.in === "path") ?? [];
    expect(described.map((p) => p.name)).toEqual(inPath);
    expect(described.every((p) => p.required)).toBe(true);
  });

  test("has no other operations but the live stream", () => {
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map((o) => o.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual([...Object.keys(api), "live"].toSorted());
  });

  test("leads every reference somewhere", () => {
    const targets = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target ?? "");
    expect(targets.length).toBeGreaterThan(30);
    for (const target of new Set(targets)) {
      expect(target).toMatch(/^#\/components\/(schemas|responses)\/\w+$/);
      const found = target
        .slice(2)
        .split("/")
        .reduce<unknown>(
          (at, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined),
          document,
        );
      expect(found, target).toBeTypeOf("object");
    }
  });

  test("describes the things that the API is about", () => {
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining([
        "FlowRow",
        "FlowView",
        "Graph",
        "Step",
        "Edge",
        "RunRow",
        "StepRun",
        "Problem",
      ]),
    );
    expect(document.components.schemas.Graph).toMatchObject({
      properties: { steps: { additionalProperties: { $ref: "#/components/schemas/Step" } } },
    });
    expect(text).not.toContain("antiExamples");
    expect(text).not.toContain('"$defs"');
  });

  test("says which query values a list of runs takes", () => {
    const names = document.paths["/api/runs"]?.get?.parameters?.map((p) => p.name);
    expect(names).toEqual(["flowId", "status", "from", "to", "text", "cursor", "limit"]);
    expect(document.paths["/api/runs"]?.get?.parameters?.every((p) => !p.required)).toBe(true);
  });
});
