// What the palette lists: triggers first, then the actions of each connector; a search looks into names and descriptions.

import type { ConnectorManifest, Manifests } from "../../shared/manifest.ts";

export interface PickerItem {
  uses: string;
  name: string;
  description: string;
  isTrigger: boolean;
}

export interface PickerGroup {
  key: string;
  name: string;
  items: PickerItem[];
}

export function pickerGroups(manifests: Manifests, search: string, withTriggers: boolean): PickerGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (item: PickerItem, connector: ConnectorManifest) => {
    const text = `${item.name} ${connector.name} ${item.description} ${item.uses}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const triggers = manifests.connectors.flatMap((connector) =>
    connector.triggers.map((one) => itemOf(one, true)).filter((item) => fits(item, connector)),
  );
  const actions = manifests.connectors.map((connector) => ({
    key: connector.id,
    name: connector.name,
    items: connector.actions.map((one) => itemOf(one, false)).filter((item) => fits(item, connector)),
  }));
  // What every flow needs comes before the services.
  actions.sort((a, b) => Number(b.key === "logic") - Number(a.key === "logic"));
  const all = withTriggers ? [{ key: "triggers", name: "Triggers", items: triggers }, ...actions] : actions;
  const found = all.filter((group) => group.items.length > 0);
  if (words.length === 0) return found;
  // A name that begins with what was typed is what was meant.
  const rank = (group: PickerGroup) => Math.min(...group.items.map((item) => nameRank(item, words)));
  for (const group of found) group.items.sort((a, b) => nameRank(a, words) - nameRank(b, words));
  return found.sort((a, b) => rank(a) - rank(b));
}

function itemOf(one: { uses: string; name: string; description: string }, isTrigger: boolean): PickerItem {
  return { uses: one.uses, name: one.name, description: one.description, isTrigger };
}

function nameRank({ name }: PickerItem, words: string[]): number {
  const text = name.toLowerCase();
  if (text.startsWith(words[0] ?? "")) return 0;
  return words.every((word) => text.includes(word)) ? 1 : 2;
}
