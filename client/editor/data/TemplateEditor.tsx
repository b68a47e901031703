// The text of a field in CodeMirror: pills for templates, completion behind `{{`, data dropped from the picker.
// In a chunk of its own; the field around it shows a plain box until it is there.

import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { Annotation, Compartment, EditorState } from "@codemirror/state";
import { EditorView, keymap, placeholder, tooltips } from "@codemirror/view";
import { useEffect, useRef } from "react";
import "./completions.module.css";
import { completeTemplates } from "./completions.ts";
import { REFERENCE_TYPE, useDataPlace } from "./data-place.ts";
import { means, readFieldText, type TextKind, writeFieldText } from "./field-text.ts";
import { jsonColours } from "./json-colours.ts";
import { type PillPlace, pillAtCursor, pillView, redrawPills } from "./pill-view.ts";

export interface TemplateEditorProps {
  kind: TextKind;
  value: unknown;
  onChange(value: unknown): void;
  /** The text itself, when it changed. */
  onText(text: string): void;
  label: string;
  describedBy: string;
  placeholder: string | undefined;
  invalid: boolean;
  /** Templates as the text they are. */
  raw: boolean;
  onReady(handle: EditorHandle | null): void;
  onFocus(isFocused: boolean): void;
  onBrowse(): void;
  onOpenPill(place: PillPlace): void;
  onHoverPill(place: PillPlace | null): void;
}

/** What the field around it can do with the text. */
export interface EditorHandle {
  insert(reference: string): void;
  replace(from: number, to: number, text: string): void;
  focus(): void;
}

/** A change that came from outside, and is not to be told to the outside again. */
const fromOutside = Annotation.define<boolean>();

export default function TemplateEditor(props: TemplateEditorProps) {
  const { kind, value, raw } = props;
  const isOneLine = kind === "line" || kind === "number";
  const place = useDataPlace();
  const holder = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef({ props, place });
  latest.current = { props, place };
  const pills = useRef(new Compartment()).current;
  const about = useRef(new Compartment()).current;

  const drawn = () =>
    pillView({
      names: () => latest.current.place.names,
      onOpen: (pill) => latest.current.props.onOpenPill(pill),
      onHover: (pill) => latest.current.props.onHoverPill(pill),
    });

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; what changes reaches it by `latest` and below
  useEffect(() => {
    const made = new EditorView({
      parent: holder.current ?? document.body,
      state: EditorState.create({
        doc: writeFieldText(kind, value),
        extensions: [
          history(),
          keymap.of([
            { key: "Alt-Enter", run: openPillAtCursor },
            ...completionKeymap,
            { key: "Enter", run: () => isOneLine },
            ...historyKeymap,
            ...defaultKeymap,
          ]),
          EditorView.lineWrapping,
          tooltips({ parent: document.body, position: "fixed" }),
          autocompletion({
            override: [
              completeTemplates(
                () => latest.current.place.sources,
                () => latest.current.props.onBrowse(),
              ),
            ],
            icons: false,
            maxRenderedOptions: 80,
          }),
          kind === "json" ? jsonColours : [],
          isOneLine ? oneLine : [],
          about.of(attributes(props)),
          pills.of(raw ? [] : drawn()),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            const text = update.state.doc.toString();
            latest.current.props.onText(text);
            if (update.transactions.some((tr) => tr.annotation(fromOutside))) return;
            latest.current.props.onChange(readFieldText(kind, text));
          }),
          EditorView.domEventHandlers({
            focus: () => latest.current.props.onFocus(true),
            blur(_event, here) {
              here.dispatch({ effects: redrawPills.of(null) });
              latest.current.props.onFocus(false);
            },
            drop: dropReference,
          }),
        ],
      }),
    });
    view.current = made;
    latest.current.props.onReady(handleOf(made));
    return () => {
      latest.current.props.onReady(null);
      made.destroy();
      view.current = null;
    };
  }, []);

  // Undo, another tab, a restored version: the text follows the value, unless it already means the same.
  useEffect(() => {
    const here = view.current;
    const text = here?.state.doc.toString() ?? "";
    if (!here || means(kind, text, value)) return;
    here.dispatch({
      changes: { from: 0, to: here.state.doc.length, insert: writeFieldText(kind, value) },
      annotations: fromOutside.of(true),
    });
  }, [kind, value]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only these change how it is drawn
  useEffect(() => {
    view.current?.dispatch({ effects: pills.reconfigure(raw ? [] : drawn()) });
  }, [raw]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the names are what the pills show
  useEffect(() => {
    view.current?.dispatch({ effects: redrawPills.of(null) });
  }, [place.names]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the attributes are made of these
  useEffect(() => {
    view.current?.dispatch({ effects: about.reconfigure(attributes(props)) });
  }, [props.label, props.describedBy, props.invalid, props.placeholder]);

  return <div ref={holder} />;

  function openPillAtCursor(here: EditorView): boolean {
    const found = pillAtCursor(here);
    if (found) latest.current.props.onOpenPill(found);
    return found !== undefined;
  }
}

function attributes({ kind, label, describedBy, invalid, placeholder: hint }: TemplateEditorProps) {
  return [
    EditorView.contentAttributes.of({
      "aria-label": label,
      "aria-describedby": describedBy,
      "aria-multiline": String(kind === "lines" || kind === "json"),
      ...(invalid ? { "aria-invalid": "true" } : {}),
      spellcheck: kind === "lines" ? "true" : "false",
      autocapitalize: "off",
      autocorrect: "off",
    }),
    hint ? placeholder(hint) : [],
  ];
}

/** Line ends that are typed or pasted become blanks. */
const oneLine = [
  EditorView.clipboardInputFilter.of((text) => text.replace(/\s*\r?\n\s*/g, " ")),
  EditorState.transactionFilter.of((tr) =>
    tr.docChanged && tr.isUserEvent("input") && tr.newDoc.lines > tr.startState.doc.lines ? [] : tr,
  ),
];

function dropReference(event: DragEvent, view: EditorView): boolean {
  const reference = event.dataTransfer?.getData(REFERENCE_TYPE);
  if (!reference) return false;
  event.preventDefault();
  insertReference(view, reference, view.posAtCoords({ x: event.clientX, y: event.clientY }) ?? undefined);
  return true;
}

function handleOf(view: EditorView): EditorHandle {
  return {
    insert: (reference) => insertReference(view, reference),
    replace: (from, to, text) =>
      view.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + text.length } }),
    focus: () => view.focus(),
  };
}

/** Puts a reference at a place, or in place of what is selected; the cursor goes behind it. */
function insertReference(view: EditorView, reference: string, at?: number): void {
  const { from, to } = at === undefined ? view.state.selection.main : { from: at, to: at };
  view.dispatch({
    changes: { from, to, insert: reference },
    selection: { anchor: from + reference.length },
    userEvent: "input.drop",
    scrollIntoView: true,
  });
  view.focus();
}
