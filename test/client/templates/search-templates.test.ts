// Templates are found by what they are about and by whom they talk to.

import { describe, expect, test } from "vitest";
import { withOnlyConnections } from "../../../client/templates/only-connections.ts";
import { searchTemplates } from "../../../client/templates/search-templates.ts";
import { stepsInOrder } from "../../../client/templates/steps-in-order.ts";
import { manifests } from "../../../server/connectors/registry.ts";
import { FLOW_TEMPLATES } from "../../../shared/flow-templates/gallery.ts";
import { indexManifests } from "../../../shared/manifest.ts";
import { graph } from "../../kit/graph.ts";

const known = indexManifests(manifests);
const find = (words: string) => searchTemplates(FLOW_TEMPLATES, words, known).map(({ id }) => id);

describe("the templates that are found", () => {
  test.each([
    ["", FLOW_TEMPLATES.map(({ id }) => id)],
    ["   ", FLOW_TEMPLATES.map(({ id }) => id)],
    ["discord", ["file-changed"]],
    ["DISCORD folder", ["file-changed"]],
    ["refund stock", ["return-refunded"]],
    ["t-shirt paynow", ["order-paid"]],
    ["nothing of that kind", []],
  ])("for “%s” are %j", (words, ids) => {
    expect(find(words)).toEqual(ids);
  });

  test("do not depend on how e-mail is written", () => {
    expect(find("email")).toEqual(find("E-Mail"));
    expect(find("email").length).toBeGreaterThan(5);
  });
});

describe("the only connection of a connector", () => {
  const made = graph("trigger -> mail -> chat -> call", {
    mail: { uses: "email.send" },
    chat: { uses: "slack.sendMessage" },
    call: { uses: "http.request" },
  });
  const chosen = (connections: { id: string; connectorId: string }[], from = made) =>
    Object.values(withOnlyConnections(from, known, connections).steps).map((step) => step.connectionId);

  test("is chosen where a step must have one", () => {
    const all = ["email", "slack", "http"].map((connectorId) => ({ id: `con_${connectorId}`, connectorId }));
    expect(chosen(all)).toEqual([undefined, "con_email", "con_slack", undefined]);
  });

  test("is not chosen where there are two, none, or one already", () => {
    const two = ["con_1", "con_2"].map((id) => ({ id, connectorId: "email" }));
    expect(chosen(two)).toEqual([undefined, undefined, undefined, undefined]);
    const mine = graph("trigger -> mail", { mail: { uses: "email.send", connectionId: "con_mine" } });
    expect(chosen([{ id: "con_other", connectorId: "email" }], mine)).toEqual([undefined, "con_mine"]);
  });
});

test("the steps of a template come in the order in which they run", () => {
  const shipping = FLOW_TEMPLATES.find(({ id }) => id === "shipping-label");
  expect(shipping && stepsInOrder(shipping.graph).map(({ id }) => id)).toEqual([
    "trigger",
    "label",
    "file",
    "fulfil",
    "packing",
  ]);
});
