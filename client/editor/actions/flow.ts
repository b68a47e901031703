// The flow as a whole: save now, publish, what is in the way, the two ways to find everything here.

import { spotlight } from "@mantine/spotlight";
import {
  IconAlertTriangle,
  IconCommand,
  IconDeviceFloppy,
  IconKeyboard,
  IconRocket,
} from "@tabler/icons-react";
import type { EditorAction } from "./action.ts";

export const save: EditorAction = {
  id: "save",
  group: "Flow",
  label: "Save now",
  icon: IconDeviceFloppy,
  keys: ["Mod+S"],
  whileTyping: true,
  perform: ({ autosave }) => void autosave.flush(),
};

export const publish: EditorAction = {
  id: "publish",
  group: "Flow",
  label: "Publish…",
  icon: IconRocket,
  keys: ["Mod+Shift+P"],
  perform: ({ view }) => view.getState().set({ dialog: "publish" }),
};

export const problems: EditorAction = {
  id: "problems",
  group: "Flow",
  label: "What is in the way",
  icon: IconAlertTriangle,
  keys: ["P"],
  perform: ({ view }) => view.getState().set({ dialog: "problems" }),
};

export const shortcuts: EditorAction = {
  id: "shortcuts",
  group: "Flow",
  label: "Keyboard shortcuts",
  icon: IconKeyboard,
  keys: ["?"],
  perform: ({ view }) => view.getState().set({ dialog: "shortcuts" }),
};

export const commands: EditorAction = {
  id: "commands",
  group: "Flow",
  label: "Find an action…",
  icon: IconCommand,
  keys: ["Mod+K"],
  whileTyping: true,
  perform: () => spotlight.open(),
};
