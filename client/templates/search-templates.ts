// The templates that hold every word somebody looks for.

import type { FlowTemplate } from "../../shared/flow-templates/kit.ts";
import { stepsOf } from "../../shared/graph.ts";
import type { Manifests } from "../../shared/manifest.ts";

export function searchTemplates(
  templates: readonly FlowTemplate[],
  words: string,
  manifests: Manifests,
): FlowTemplate[] {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [...templates];
  return templates.filter((template) => {
    const text = plain(textOf(template, manifests));
    return wanted.every((word) => text.includes(word));
  });
}

function textOf({ name, description, story, connectors, graph }: FlowTemplate, manifests: Manifests): string {
  const names = connectors.map((id) => manifests.connectors.find((one) => one.id === id)?.name ?? id);
  const steps = stepsOf(graph).map((step) => step.name);
  return [name, description, story, ...connectors, ...names, ...steps].join(" ");
}

/** “E-Mail” is found by “email”. */
function plain(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\u0300-\u036f-]/g, "");
}
