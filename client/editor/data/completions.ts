// What CodeMirror offers while a template is typed: places in the data behind `{{`, filters behind a bar.

import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { FILTERS, filterSignature } from "../../../shared/filters.ts";
import { type DataRow, placesIn } from "./data-rows.ts";
import type { DataSource } from "./data-sources.ts";
import { pathWords } from "./template-pills.ts";

const MOST_OFFERED = 60;

export function completeTemplates(sources: () => readonly DataSource[], browse: () => void) {
  return (context: CompletionContext): CompletionResult | null => {
    const before = context.state.sliceDoc(Math.max(0, context.pos - 400), context.pos);
    const open = before.lastIndexOf("{{");
    const isInside = open !== -1 && !before.includes("}}", open) && before[open - 1] !== "\\";
    if (!isInside) return context.explicit ? offerPlaces("", context.pos, "{{") : null;
    const typed = before.slice(open + 2);
    const filter = /\|\s*([a-z_]*)$/i.exec(typed);
    if (filter) return offerFilters(filter[1] ?? "", context.pos - (filter[1]?.length ?? 0));
    if (typed.includes("|")) return null;
    return offerPlaces(typed, context.pos - typed.length, "");
  };

  function offerPlaces(typed: string, from: number, before: string): CompletionResult {
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
    const names = new Map(sources().map((source) => [source.stepId, source.name]));
    const found = placesIn(sources()).filter((place) => {
      const text = `${place.id} ${names.get(place.stepId) ?? ""}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const options = found.slice(0, MOST_OFFERED).map((place) => optionOf(place, names, before));
    return { from, options: [...options, browseOption(browse)], filter: false };
  }
}

function optionOf(place: DataRow, names: ReadonlyMap<string, string>, before: string): Completion {
  const inside = place.id.slice(2, -2);
  const step = names.get(place.stepId) ?? place.stepId;
  return {
    label: inside,
    displayLabel: place.path.length > 0 ? `${step} › ${pathWords(place.path)}` : step,
    detail: place.preview,
    apply: (view, _completion, from, to) => insert(view, from, to, `${before}${inside}}}`),
  };
}

/** With the braces that may stand behind the cursor already. */
function insert(view: EditorView, from: number, to: number, text: string): void {
  const end = view.state.sliceDoc(to, to + 2) === "}}" ? to + 2 : to;
  view.dispatch({
    changes: { from, to: end, insert: text },
    selection: { anchor: from + text.length },
    userEvent: "input.complete",
  });
}

function browseOption(browse: () => void): Completion {
  return {
    label: "browse",
    displayLabel: "Browse all data…",
    apply(view, _completion, from, to) {
      const open = view.state.sliceDoc(Math.max(0, from - 2), from) === "{{" ? from - 2 : from;
      view.dispatch({ changes: { from: open, to }, selection: { anchor: open } });
      browse();
    },
  };
}

function offerFilters(typed: string, from: number): CompletionResult {
  const options = FILTERS.filter(({ name }) => name.includes(typed.toLowerCase())).map((filter) => ({
    label: filter.name,
    displayLabel: filterSignature(filter),
    info: filter.summary,
    apply: filter.takes.some(({ optional }) => !optional) ? `${filter.name}: ` : filter.name,
  }));
  return { from, options, filter: false };
}
