// Every connector there is; a new one is one line here.

import type { ConnectorManifest } from "../../shared/manifest.ts";
import { type Action, type Connector, manifestOf, type Trigger } from "./kit.ts";

export const connectors: Connector[] = [];

const byId = new Map(connectors.map((c) => [c.id, c]));

export const manifests: ConnectorManifest[] = connectors.map(manifestOf);

export function findConnector(id: string): Connector | undefined {
  return byId.get(id);
}

/** "slack.sendMessage" → the action; undefined when there is none of that name. */
export function findAction(uses: string): Action | undefined {
  return find(uses, (c) => c.actions);
}

export function findTrigger(uses: string): Trigger | undefined {
  return find(uses, (c) => c.triggers);
}

function find<T>(uses: string, where: (connector: Connector) => Record<string, T>): T | undefined {
  const dot = uses.indexOf(".");
  const connector = byId.get(uses.slice(0, dot));
  if (!connector) return undefined;
  const entries = where(connector);
  const key = uses.slice(dot + 1);
  return Object.hasOwn(entries, key) ? entries[key] : undefined;
}
