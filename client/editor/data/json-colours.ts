// Colours for JSON in a field: names, texts, numbers and words, told apart well enough to read.

import {
  Decoration,
  type DecorationSet,
  type EditorView,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import classes from "./TemplateField.module.css";

const matcher = new MatchDecorator({
  regexp: /"(?:\\.|[^"\\])*"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g,
  decoration: (match) => {
    const [text, colon] = match;
    if (colon) return Decoration.mark({ class: classes.jsonKey ?? "" });
    if (text.startsWith('"')) return Decoration.mark({ class: classes.jsonText ?? "" });
    return Decoration.mark({ class: (/^[tfn]/.test(text) ? classes.jsonWord : classes.jsonNumber) ?? "" });
  },
});

export const jsonColours = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = matcher.createDeco(view);
    }
    update(update: ViewUpdate) {
      this.decorations = matcher.updateDeco(update, this.decorations);
    }
  },
  { decorations: (value) => value.decorations },
);
