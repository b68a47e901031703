// What can start a flow and what it can do.

import { manifests } from "../connectors/registry.ts";
import type { Handlers } from "./handler.ts";

export const connectorHandlers: Handlers<"connectors"> = {
  async connectors() {
    return { items: manifests };
  },
};
