// Every action of the editor, in the order in which menus and the shortcuts sheet show them.

import type { EditorAction } from "./action.ts";
import { addNote, addStepHere, connectTo } from "./add.ts";
import { alignActions, arrangeAll, spreadActions } from "./arrange.ts";
import { copy, cut, duplicate, pasteHere } from "./copy.ts";
import { remove } from "./delete.ts";
import { disable } from "./disable.ts";
import { commands, problems, publish, save, shortcuts } from "./flow.ts";
import { rename } from "./rename.ts";
import { selectAll, selectNone } from "./select.ts";
import { redo, undo } from "./undo.ts";
import { fit, fitChosen, minimap, palette, snap, zoomFull, zoomIn, zoomOut } from "./view.ts";

export const actions: readonly EditorAction[] = [
  addStepHere,
  addNote,
  connectTo,
  undo,
  redo,
  rename,
  disable,
  copy,
  cut,
  pasteHere,
  duplicate,
  remove,
  selectAll,
  selectNone,
  arrangeAll,
  ...alignActions,
  ...spreadActions,
  zoomIn,
  zoomOut,
  zoomFull,
  fit,
  fitChosen,
  minimap,
  snap,
  palette,
  save,
  publish,
  problems,
  shortcuts,
  commands,
];
