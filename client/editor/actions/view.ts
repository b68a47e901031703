// Looking: zoom, fit, overview, grid, palette.

import {
  IconFocusCentered,
  IconGridDots,
  IconLayoutSidebar,
  IconMap,
  IconMaximize,
  IconZoomIn,
  IconZoomOut,
  IconZoomReset,
} from "@tabler/icons-react";
import { fitInto } from "../tools.ts";
import type { EditorAction } from "./action.ts";
import { chosenNodes } from "./chosen.ts";

const GENTLY = { duration: 180 };

export const zoomIn: EditorAction = {
  id: "zoom-in",
  group: "View",
  label: "Zoom in",
  icon: IconZoomIn,
  keys: ["+", "="],
  perform: ({ canvas }) => void canvas.zoomIn(GENTLY),
};

export const zoomOut: EditorAction = {
  id: "zoom-out",
  group: "View",
  label: "Zoom out",
  icon: IconZoomOut,
  keys: ["-"],
  perform: ({ canvas }) => void canvas.zoomOut(GENTLY),
};

export const zoomFull: EditorAction = {
  id: "zoom-100",
  group: "View",
  label: "Zoom to 100 %",
  icon: IconZoomReset,
  keys: ["0"],
  perform: ({ canvas }) => void canvas.zoomTo(1, GENTLY),
};

export const fit: EditorAction = {
  id: "fit",
  group: "View",
  label: "See the whole flow",
  icon: IconMaximize,
  keys: ["1", "F"],
  perform: (tools) => fitInto(tools),
};

export const fitChosen: EditorAction = {
  id: "fit-selection",
  group: "View",
  label: "See what is selected",
  icon: IconFocusCentered,
  keys: ["2"],
  when: (tools) => chosenNodes(tools).length > 0,
  perform: (tools) => fitInto(tools, chosenNodes(tools)),
};

export const minimap: EditorAction = {
  id: "minimap",
  group: "View",
  label: ({ view }) => (view.getState().minimap ? "Hide the overview" : "Show the overview"),
  icon: IconMap,
  keys: ["M"],
  perform: ({ view }) => view.getState().set({ minimap: !view.getState().minimap }),
};

export const snap: EditorAction = {
  id: "snap",
  group: "View",
  label: ({ view }) => (view.getState().snap ? "Do not snap to the grid" : "Snap to the grid"),
  icon: IconGridDots,
  keys: ["G"],
  perform: ({ view }) => view.getState().set({ snap: !view.getState().snap }),
};

export const palette: EditorAction = {
  id: "steps-panel",
  group: "View",
  label: ({ view }) => (view.getState().palette ? "Hide the list of steps" : "Show the list of steps"),
  icon: IconLayoutSidebar,
  keys: ["Mod+B"],
  perform: ({ view }) => view.getState().set({ palette: !view.getState().palette }),
};
