// Every template is a flow that lacks nothing but its connections.

import { describe, expect, test } from "vitest";
import { manifests } from "../../server/connectors/registry.ts";
import { parseBody } from "../../shared/event.ts";
import { flowFileText, readFlowFile, toFlowFile } from "../../shared/flow-file.ts";
import { FLOW_TEMPLATES } from "../../shared/flow-templates/gallery.ts";
import { Graph, stepsOf } from "../../shared/graph.ts";
import { problemsIn } from "../../shared/graph-problems.ts";
import { connectorOf, indexManifests } from "../../shared/manifest.ts";
import { findSampleEvent } from "../../shared/sample-events.ts";
import { referencesIn } from "../../shared/template.ts";

const known = indexManifests(manifests);

describe.each(FLOW_TEMPLATES)("$id", (template) => {
  const { graph, connectors, sampleEventId, name, description, story } = template;

  test("is a graph with no problem but connections that are not chosen yet", () => {
    expect(Graph.parse(graph)).toEqual(graph);
    const problems = problemsIn(graph, known, []);
    expect(problems.filter(({ code }) => code !== "connection-missing")).toEqual([]);
    const needing = stepsOf(graph).filter((s) => known.actions.get(s.uses)?.connection === "required");
    expect(problems.map(({ stepId }) => stepId)).toEqual(needing.map(({ id }) => id));
  });

  test("gives each step only inputs that its form has", () => {
    for (const step of stepsOf(graph)) {
      const fields = (known.actions.get(step.uses) ?? known.triggers.get(step.uses))?.fields.map(
        (f) => f.key,
      );
      expect(fields).toEqual(expect.arrayContaining(Object.keys(step.input)));
    }
  });

  test("has boxes that do not lie on each other", () => {
    for (const a of stepsOf(graph)) {
      for (const b of stepsOf(graph)) {
        if (a.id === b.id) continue;
        expect(Math.abs(a.at.x - b.at.x) >= 300 || Math.abs(a.at.y - b.at.y) >= 120, `${a.id}, ${b.id}`).toBe(
          true,
        );
      }
    }
  });

  test("says at every step what has to be replaced", () => {
    for (const step of stepsOf(graph)) {
      const made = JSON.stringify(step.input);
      if (made.includes("example.com")) expect(step.note, step.name).toMatch(/replace/i);
      for (const [host] of made.matchAll(/https?:\/\/[^"/{]+/g)) expect(host).toMatch(/\.example\.com$/);
    }
  });

  test("names its connectors, a sample event, and what it is for", () => {
    const used = stepsOf(graph).map(({ uses }) => connectorOf(uses));
    expect(new Set([...connectors, "logic"])).toEqual(new Set([...used, "logic"]));
    expect(name.length).toBeLessThan(60);
    expect(description).toMatch(/^\p{Lu}.*\.$/u);
    expect(story).toMatch(/^\p{Lu}.*\.$/u);
  });

  test("finds in its sample event what it asks of the trigger", () => {
    const event = findSampleEvent(sampleEventId);
    if (!event) throw new Error(`there is no sample event ${sampleEventId}`);
    const body = parseBody(new TextEncoder().encode(event.body), event.contentType);
    if (!body.ok) throw new Error(body.sentence);
    for (const step of stepsOf(graph)) {
      for (const { stepId, source, hasDefault } of referencesIn(step.input)) {
        const path = /^trigger\.body\.([\w.]+)/.exec(source.replace(/^\{\{\s*/, ""))?.[1];
        if (stepId !== "trigger" || path === undefined || hasDefault) continue;
        const value = path.split(".").reduce<unknown>((at, key) => Object(at)[key], body.body);
        expect(value, source).toBeDefined();
      }
    }
  });

  test("goes into a file and comes out of it the same", () => {
    const { file, leftOut } = toFlowFile({ name, graph, notes: story });
    expect(leftOut).toEqual([]);
    expect(readFlowFile(flowFileText(file))).toEqual({ ok: true, file });
    expect(file.graph).toEqual(graph);
  });
});

test("the ids are different", () => {
  expect(new Set(FLOW_TEMPLATES.map(({ id }) => id)).size).toBe(FLOW_TEMPLATES.length);
});
