// Seals and opens a connection's fields; what is sealed opens only for the connection it was sealed for.

import type { Connection } from "../shared/connection.ts";
import type { Vault } from "./vault.ts";

type Whose = Pick<Connection, "workspaceId" | "id" | "connectorId">;

/** The text to store as `sealed`. */
export function sealFields(vault: Vault, connection: Whose, fields: Record<string, unknown>): string {
  return vault.seal(fields, about(connection));
}

/** The fields as they were sealed. Throws when the key is another one, or the text was changed or moved. */
export function openFields(
  vault: Vault,
  connection: Whose & Pick<Connection, "sealed">,
): Record<string, unknown> {
  const fields = vault.open(connection.sealed, about(connection));
  if (typeof fields !== "object" || fields === null) throw new Error("A sealed connection holds no fields.");
  return { ...fields };
}

function about(connection: Whose): string {
  return `${connection.workspaceId}|${connection.id}|${connection.connectorId}`;
}
