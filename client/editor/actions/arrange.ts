// Auto-layout, and lining up what is chosen.

import {
  type Icon,
  IconLayoutAlignBottom,
  IconLayoutAlignCenter,
  IconLayoutAlignLeft,
  IconLayoutAlignMiddle,
  IconLayoutAlignRight,
  IconLayoutAlignTop,
  IconLayoutDistributeHorizontal,
  IconLayoutDistributeVertical,
  IconSitemap,
} from "@tabler/icons-react";
import { align, type Direction, type Side, spread } from "../align.ts";
import { arrange } from "../arrange.ts";
import { fitInto } from "../tools.ts";
import type { EditorAction } from "./action.ts";
import { chosenNodes, namesOf } from "./chosen.ts";

export const arrangeAll: EditorAction = {
  id: "arrange",
  group: "Arrange",
  label: "Arrange all steps",
  icon: IconSitemap,
  keys: ["Shift+A"],
  perform(tools) {
    const { store, manifests } = tools;
    store.getState().edit("arrange all steps", (graph) => arrange(graph, manifests));
    requestAnimationFrame(() => fitInto(tools));
  },
};

const sides: [Side, string, Icon, string][] = [
  ["left", "Align left sides", IconLayoutAlignLeft, "Alt+L"],
  ["centre", "Align centres", IconLayoutAlignCenter, "Alt+C"],
  ["right", "Align right sides", IconLayoutAlignRight, "Alt+R"],
  ["top", "Align upper sides", IconLayoutAlignTop, "Alt+T"],
  ["middle", "Align middles", IconLayoutAlignMiddle, "Alt+M"],
  ["bottom", "Align lower sides", IconLayoutAlignBottom, "Alt+B"],
];

export const alignActions: EditorAction[] = sides.map(([side, label, icon, key]) => ({
  id: `align-${side}`,
  group: "Arrange",
  label,
  icon,
  keys: [key],
  when: (tools) => chosenNodes(tools).length > 1,
  perform(tools) {
    const ids = chosenNodes(tools);
    tools.store.getState().edit(`align ${namesOf(tools)}`, (graph) => align(graph, ids, side));
  },
}));

const directions: [Direction, string, Icon, string][] = [
  ["across", "Spread out across", IconLayoutDistributeVertical, "Alt+H"],
  ["down", "Spread out downwards", IconLayoutDistributeHorizontal, "Alt+V"],
];

export const spreadActions: EditorAction[] = directions.map(([direction, label, icon, key]) => ({
  id: `spread-${direction}`,
  group: "Arrange",
  label,
  icon,
  keys: [key],
  when: (tools) => chosenNodes(tools).length > 2,
  perform(tools) {
    const ids = chosenNodes(tools);
    tools.store.getState().edit(`spread out ${namesOf(tools)}`, (graph) => spread(graph, ids, direction));
  },
}));
