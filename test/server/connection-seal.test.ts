// What was sealed for a connection opens for that connection, and for no other.

import { expect, test } from "vitest";
import { openFields, sealFields } from "../../server/connection-seal.ts";
import { createVault, newVaultKey } from "../../server/vault.ts";

const vault = createVault(newVaultKey());
const whose = { workspaceId: "ws_1", id: "con_1", connectorId: "slack" };
const fields = { token: "xoxb-1", channel: "#orders" };

test("a connection's fields come back as they were", () => {
  expect(openFields(vault, { ...whose, sealed: sealFields(vault, whose, fields) })).toEqual(fields);
});

test.each([{ id: "con_2" }, { workspaceId: "ws_2" }, { connectorId: "http" }])(
  "a sealed text does not open where it was moved to: %j",
  (place) => {
    const sealed = sealFields(vault, whose, fields);
    expect(() => openFields(vault, { ...whose, ...place, sealed })).toThrow();
  },
);
