// What is wrong with a graph: shown at the steps while it is drawn, and the reason a publish is refused.

import { type FieldSpec, isDemanded } from "./field.ts";
import {
  EACH_PORT,
  type Edge,
  edgesOf,
  type Graph,
  groupBy,
  loopsOf,
  type Step,
  stepOf,
  stepsOf,
  TRIGGER_ID,
  topologicalOrder,
} from "./graph.ts";
import { type ActionManifest, connectorOf, type Manifests, portsOf } from "./manifest.ts";
import type { Problem } from "./problem.ts";
import { problemsInTemplate, referencesIn } from "./template.ts";

/**
 * Every problem of the graph, each with the step (and field) it is about; empty when it can be published.
 * With `connections`, a step's connection must be one of them; without, only that one is chosen.
 */
export function problemsIn(
  graph: Graph,
  manifests: Manifests,
  connections?: readonly { id: string; connectorId: string }[],
): Problem[] {
  const { order, cycle } = topologicalOrder(graph);
  const before = cycle.length > 0 ? null : stepsBefore(graph, order);
  const loops = loopsOf(graph);
  return [
    ...triggerProblems(graph, manifests),
    ...edgeProblems(graph, manifests),
    ...cycle.slice(0, 1).map((id) => cycleProblem(graph, id)),
    ...(before ? loopProblems(graph, loops) : []),
    ...stepsOf(graph).flatMap((step) => [
      ...stepProblems(step, manifests, connections),
      ...(before ? referenceProblems(graph, step, before, loops) : []),
      ...(before ? reachProblems(step, before) : []),
    ]),
  ];
}

/** For each step the ids of all steps before it; every step's set is made once, from those of the steps right before it. */
function stepsBefore(graph: Graph, order: string[]): Map<string, Set<string>> {
  const incoming = groupBy(edgesOf(graph), (e) => e.to);
  const before = new Map<string, Set<string>>();
  for (const id of order) {
    const all = new Set<string>();
    for (const { from } of incoming.get(id) ?? []) {
      all.add(from);
      for (const earlier of before.get(from) ?? []) all.add(earlier);
    }
    before.set(id, all);
  }
  return before;
}

const named = (graph: Graph, id: string) => `“${stepOf(graph, id)?.name ?? id}”`;

function triggerProblems(graph: Graph, manifests: Manifests): Problem[] {
  const trigger = stepOf(graph, TRIGGER_ID);
  const problems: Problem[] = [];
  if (!trigger) {
    const sentence = "This flow has no trigger: nothing can start it.";
    problems.push({ code: "trigger-missing", sentence, hint: "Add one, such as “Catch a webhook”." });
  } else if (!manifests.triggers.has(trigger.uses)) {
    problems.push({
      code: "trigger-unknown",
      sentence: `${named(graph, TRIGGER_ID)} uses ${trigger.uses}, which is no trigger of this installation.`,
      hint: "Choose another trigger.",
      stepId: TRIGGER_ID,
    });
  }
  for (const step of stepsOf(graph)) {
    if (step.id === TRIGGER_ID || !manifests.triggers.has(step.uses)) continue;
    problems.push({
      code: "trigger-second",
      sentence: `${named(graph, step.id)} is a second trigger; a flow has exactly one.`,
      hint: "Make another flow for it.",
      stepId: step.id,
    });
  }
  return problems;
}

function edgeProblems(graph: Graph, manifests: Manifests): Problem[] {
  return edgesOf(graph).flatMap((edge): Problem[] => {
    const from = stepOf(graph, edge.from);
    const to = stepOf(graph, edge.to);
    if (!from || !to) {
      const sentence = "An edge leads to a step that does not exist.";
      return [{ code: "edge-loose", sentence, hint: "Delete the edge.", stepId: from?.id ?? to?.id }];
    }
    if (to.id === TRIGGER_ID) {
      return [{ code: "edge-into-trigger", sentence: "Nothing can lead into the trigger.", stepId: from.id }];
    }
    if (portsOf(from, manifests).some((port) => port.id === edge.port)) return [];
    return [
      {
        code: "port-unknown",
        sentence: `${named(graph, from.id)} has no way out called “${edge.port}”, which leads to ${named(graph, to.id)}.`,
        hint: "Connect it from one of the step's ports.",
        stepId: from.id,
      },
    ];
  });
}

function cycleProblem(graph: Graph, id: string): Problem {
  return {
    code: "cycle",
    sentence: `${named(graph, id)} is part of a circle: it would wait for itself.`,
    hint: "Delete one of its edges. To do something for every item of a list, use “For each”.",
    stepId: id,
  };
}

/** What hangs on a loop's `each` port stays inside: no way in but that port, and no way out. */
function loopProblems(graph: Graph, loops: Map<string, string[]>): Problem[] {
  return edgesAcrossLoops(graph, loops).map(({ from, to }) => ({
    code: "loop-border",
    sentence: `The edge from ${named(graph, from)} to ${named(graph, to)} crosses the border of a loop.`,
    hint: "Steps after a loop hang on its “done” port; steps inside it can only be reached from inside.",
    stepId: to,
  }));
}

/** The edges that lead into a loop other than by its `each` port, or out of one. */
export function edgesAcrossLoops(graph: Graph, loops = loopsOf(graph)): Edge[] {
  const at = (id: string) => (loops.get(id) ?? []).join("/");
  const crosses = ({ from, port, to }: Edge) => {
    const here = port === EACH_PORT ? [at(from), from].filter(Boolean).join("/") : at(from);
    return here !== at(to);
  };
  return edgesOf(graph).filter((edge) => stepOf(graph, edge.from) && stepOf(graph, edge.to) && crosses(edge));
}

function stepProblems(
  step: Step,
  manifests: Manifests,
  connections?: readonly { id: string; connectorId: string }[],
): Problem[] {
  const trigger = step.id === TRIGGER_ID ? manifests.triggers.get(step.uses) : undefined;
  const action = step.id === TRIGGER_ID ? undefined : manifests.actions.get(step.uses);
  if (step.disabled) return [];
  if (!trigger && !action) {
    if (step.id === TRIGGER_ID || manifests.triggers.has(step.uses)) return [];
    const sentence = `“${step.name}” uses ${step.uses}, which this installation does not have.`;
    return [{ code: "action-unknown", sentence, hint: "Choose another action for it.", stepId: step.id }];
  }
  return [
    ...fieldProblems(step, (trigger ?? action)?.fields ?? []),
    ...(action ? connectionProblems(step, action, connections) : []),
    ...problemsInTemplate(step.input).map((problem) => ({ ...problem, stepId: step.id })),
  ];
}

function fieldProblems(step: Step, fields: FieldSpec[]): Problem[] {
  return fields
    .filter(
      (spec) =>
        isDemanded(spec) && isShown(spec, step.input, fields) && isEmpty(fieldValue(step.input, spec.key)),
    )
    .map((spec) => ({
      code: "field-required",
      sentence: `“${step.name}” needs “${spec.label}”.`,
      hint: "Open the step and fill it in.",
      stepId: step.id,
      field: spec.key,
    }));
}

/** Is the field asked for, given what the others hold? */
export function isShown(spec: FieldSpec, input: Record<string, unknown>, fields: FieldSpec[]): boolean {
  if (!spec.showIf) return true;
  const { field, in: values } = spec.showIf;
  const other = fieldValue(input, field) ?? fields.find((f) => f.key === field)?.default;
  return values.includes(other);
}

function fieldValue(input: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(input, key) ? input[key] : undefined;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === "string") return value.trim() === "";
  return Array.isArray(value) && value.length === 0;
}

function connectionProblems(
  step: Step,
  action: ActionManifest,
  connections?: readonly { id: string; connectorId: string }[],
): Problem[] {
  if (action.connection === "none") return [];
  if (step.connectionId === undefined) {
    if (action.connection === "optional") return [];
    const sentence = `“${step.name}” needs a connection.`;
    return [
      {
        code: "connection-missing",
        sentence,
        hint: "Open the step and choose or make one.",
        stepId: step.id,
      },
    ];
  }
  const fits = connections?.some(
    (c) => c.id === step.connectionId && c.connectorId === connectorOf(step.uses),
  );
  if (fits === undefined || fits) return [];
  const sentence = `The connection of “${step.name}” does not exist any more.`;
  return [
    { code: "connection-missing", sentence, hint: "Open the step and choose another one.", stepId: step.id },
  ];
}

/** References must be to steps that come before, and to what is visible from where the step stands. */
function referenceProblems(
  graph: Graph,
  step: Step,
  before: Map<string, Set<string>>,
  loops: Map<string, string[]>,
): Problem[] {
  const mine = loops.get(step.id) ?? [];
  const seen = new Set<string>();
  return referencesIn(step.input).flatMap(({ stepId, source, at, hasDefault }): Problem[] => {
    const where = { stepId: step.id, field: at.join(".") };
    if (seen.has(`${stepId} ${where.field}`)) return [];
    seen.add(`${stepId} ${where.field}`);
    if (!stepOf(graph, stepId)) {
      const sentence = `“${step.name}” uses ${source}, but there is no step “${stepId}”.`;
      return [
        {
          code: "reference-unknown",
          sentence,
          hint: "Insert the value again from the data picker.",
          ...where,
        },
      ];
    }
    if (!before.get(step.id)?.has(stepId)) {
      const sentence = `“${step.name}” uses ${source}, but ${named(graph, stepId)} does not come before it.`;
      return [
        {
          code: "reference-not-upstream",
          sentence,
          hint: "Connect that step before this one, or use another value.",
          ...where,
        },
      ];
    }
    const theirs = loops.get(stepId) ?? [];
    if (theirs.every((loop, i) => mine[i] === loop)) return [];
    if (hasDefault) return [];
    const sentence = `“${step.name}” uses ${source}, but ${named(graph, stepId)} stands inside a loop that this step is outside of.`;
    const hint = `Use the results of the loop: {{${theirs.at(-1)}.results}}.`;
    return [{ code: "reference-in-loop", sentence, hint, ...where }];
  });
}

function reachProblems(step: Step, before: Map<string, Set<string>>): Problem[] {
  if (step.id === TRIGGER_ID || before.get(step.id)?.has(TRIGGER_ID)) return [];
  const sentence = `“${step.name}” is never reached: nothing leads to it from the trigger.`;
  return [{ code: "step-unreachable", sentence, hint: "Connect it, or delete it.", stepId: step.id }];
}
