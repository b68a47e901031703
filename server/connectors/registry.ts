// Every connector there is; a new one is one line here.

import type { ConnectorManifest } from "../../shared/manifest.ts";
import { discord } from "./discord.ts";
import { email } from "./email.ts";
import { http } from "./http.ts";
import { type Action, type Connector, manifestOf, type Trigger } from "./kit.ts";
import { logic } from "./logic.ts";
import { schedule } from "./schedule.ts";
import { slack } from "./slack.ts";
import { webhook } from "./webhook.ts";

export const connectors: Connector[] = [webhook, schedule, logic, http, email, slack, discord];

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
