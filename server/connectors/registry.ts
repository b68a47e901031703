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
  return actions.get(uses);
}

export function findTrigger(uses: string): Trigger | undefined {
  return triggers.get(uses);
}

const actions = byUses((c) => c.actions);
const triggers = byUses((c) => c.triggers);

function byUses<T>(of: (connector: Connector) => Record<string, T>): Map<string, T> {
  return new Map(
    connectors.flatMap((c) =>
      Object.entries(of(c)).map(([key, entry]) => [`${c.id}.${key}`, entry] as const),
    ),
  );
}
