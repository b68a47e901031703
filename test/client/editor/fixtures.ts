// Manifests and graphs for the tests of the editor's pure parts.

import { type ActionManifest, indexManifests } from "../../../shared/manifest.ts";

type Fixed = { id: string; label: string }[];

function action(uses: string, name: string, ports: Fixed | "cases"): ActionManifest {
  const shown = ports === "cases" ? [{ key: "cases", label: "Cases", control: "cases" as const }] : [];
  return {
    uses,
    name,
    description: `About ${name}`,
    fields: shown.map((field) => ({ ...field, required: true, default: [{ id: "yes", name: "yes" }] })),
    ports:
      ports === "cases"
        ? { kind: "cases", field: "cases", else: { id: "no", label: "no" } }
        : { kind: "fixed", ports },
    repeat: "safe",
    connection: "none",
    sample: null,
    sampleInput: {},
  };
}

const main = [{ id: "main", label: "" }];
const eachPorts = [
  { id: "each", label: "each" },
  { id: "done", label: "done" },
];
const about = { description: "", color: "#112233", icon: "webhook" };

export const manifests = indexManifests([
  {
    ...about,
    id: "webhook",
    name: "Webhook",
    triggers: [
      {
        uses: "webhook.catch",
        name: "Catch a webhook",
        description: "",
        fields: [],
        starts: "catch",
        sample: 1,
      },
    ],
    actions: [],
  },
  {
    ...about,
    id: "http",
    name: "HTTP",
    triggers: [],
    actions: [action("http.request", "Send a request", main)],
  },
  {
    ...about,
    id: "logic",
    name: "Flow",
    triggers: [],
    actions: [
      action("logic.setFields", "Set fields", main),
      action("logic.branch", "Branch", "cases"),
      action("logic.each", "For each", eachPorts),
      action("logic.stop", "Stop", []),
    ],
  },
]);
