// Templates in a CodeMirror text drawn as pills: one unit for the cursor, named after the step and the place in its data.

import { type Extension, type Range, StateEffect } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from "@codemirror/view";
import type { ExpressionPart } from "../../../shared/template.ts";
import classes from "./TemplateField.module.css";
import { pillFault, pillsIn, pillWords } from "./template-pills.ts";

/** Draws the pills anew: the names of steps have changed. */
export const redrawPills = StateEffect.define<null>();

export interface PillPlace {
  from: number;
  to: number;
  pill: ExpressionPart;
  element: HTMLElement;
}

export interface PillOptions {
  names(): ReadonlyMap<string, string>;
  onOpen(place: PillPlace): void;
  onHover(place: PillPlace | null): void;
}

export function pillView(options: PillOptions): Extension {
  const plugin = ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = draw(view, options.names());
      }
      update(update: ViewUpdate) {
        const asked = update.transactions.some((tr) => tr.effects.some((effect) => effect.is(redrawPills)));
        if (update.docChanged || update.selectionSet || asked) {
          this.decorations = draw(update.view, options.names());
        }
      }
    },
    { decorations: (value) => value.decorations },
  );
  return [
    plugin,
    EditorView.atomicRanges.of((view) => view.plugin(plugin)?.decorations ?? Decoration.none),
    EditorView.domEventHandlers({
      mousedown(event, view) {
        const place = placeOf(event.target, view);
        if (!place || event.button !== 0) return false;
        event.preventDefault();
        return true;
      },
      // Not earlier: what opens on pressing would take the same press as one outside of it, and close.
      click(event, view) {
        const place = placeOf(event.target, view);
        if (!place) return false;
        options.onHover(null);
        options.onOpen(place);
        return true;
      },
      mouseover(event, view) {
        options.onHover(placeOf(event.target, view) ?? null);
        return false;
      },
      mouseleave() {
        options.onHover(null);
        return false;
      },
    }),
  ];
}

/** The pill that the cursor stands before or behind. */
export function pillAtCursor(view: EditorView): PillPlace | undefined {
  const { head } = view.state.selection.main;
  const pill = pillsIn(view.state.doc.toString()).find(({ from, to }) => from === head || to === head);
  const element = [...view.contentDOM.querySelectorAll<HTMLElement>("[data-pill]")].find(
    (one) => pill && view.posAtDOM(one) === pill.from,
  );
  return pill && element ? { from: pill.from, to: pill.to, pill, element } : undefined;
}

function placeOf(target: EventTarget | null, view: EditorView): PillPlace | undefined {
  const element = target instanceof Element ? target.closest<HTMLElement>("[data-pill]") : null;
  if (!element) return undefined;
  const from = view.posAtDOM(element);
  const pill = pillsIn(view.state.doc.toString()).find((one) => one.from === from);
  return pill && { from, to: pill.to, pill, element };
}

function draw(view: EditorView, names: ReadonlyMap<string, string>): DecorationSet {
  const { head } = view.state.selection.main;
  const ranges = pillsIn(view.state.doc.toString()).flatMap((pill): Range<Decoration>[] => {
    const isBeingTyped = view.hasFocus && pill.from < head && head < pill.to;
    if (isBeingTyped || pill.source.includes("\n")) return [];
    return [Decoration.replace({ widget: new PillWidget(pill, names) }).range(pill.from, pill.to)];
  });
  return Decoration.set(ranges);
}

class PillWidget extends WidgetType {
  readonly key: string;
  readonly words: ReturnType<typeof pillWords>;
  readonly fault: string | undefined;

  constructor(pill: ExpressionPart, names: ReadonlyMap<string, string>) {
    super();
    this.words = pillWords(pill, names);
    this.fault = pillFault(pill, names);
    this.key = `${pill.source} ${this.words.step} ${this.fault ?? ""}`;
  }

  override eq(other: PillWidget): boolean {
    return other.key === this.key;
  }

  override toDOM(): HTMLElement {
    const { step, path, filters } = this.words;
    const pill = part("span", classes.pill, "");
    pill.dataset.pill = "";
    if (this.fault) pill.dataset.fault = "";
    pill.append(part("span", classes.pillStep, step));
    if (path) pill.append(part("span", classes.pillPath, path));
    for (const filter of filters) pill.append(part("span", classes.pillFilter, filter));
    return pill;
  }

  override ignoreEvent(): boolean {
    return false;
  }
}

/** Names come from people and data: they are set as text, never as markup. */
function part(tag: string, name: string | undefined, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = name ?? "";
  element.textContent = text;
  return element;
}
