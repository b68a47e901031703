// A field that can hold templates: its box with pills, buttons for data and for plain text, and below it what it gives.

import { ActionIcon, Tooltip } from "@mantine/core";
import { IconBraces, IconCode } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useId, useMemo, useRef, useState } from "react";
import type { WritingProps } from "../../form/form-place.ts";
import { useDataPlace } from "./data-place.ts";
import { FieldResult } from "./FieldResult.tsx";
import { faultOf, writeFieldText } from "./field-text.ts";
import { HoverValue } from "./HoverValue.tsx";
import { PillDialog } from "./PillDialog.tsx";
import type { PillPlace } from "./pill-view.ts";
import type { EditorHandle } from "./TemplateEditor.tsx";
import classes from "./TemplateField.module.css";

const TemplateEditor = lazy(() => import("./TemplateEditor.tsx"));

export function TemplateField(props: WritingProps) {
  const { kind, value, label } = props;
  const id = useId();
  const place = useDataPlace();
  const handle = useRef<EditorHandle>(null);
  const [text, setText] = useState(() => writeFieldText(kind, value));
  const [raw, setRaw] = useState(false);
  const [hovered, setHovered] = useState<PillPlace | null>(null);
  const [opened, setOpened] = useState<PillPlace | null>(null);
  const [isWriting, setIsWriting] = useState(false);
  // What is being written is not wrong yet.
  const isUnfinished = isWriting && text.lastIndexOf("{{") > text.lastIndexOf("}}");
  const fault = isUnfinished ? undefined : (faultOf(kind, text) ?? props.problem);

  const target = useMemo(
    () => ({
      id,
      label,
      insert: (reference: string) => handle.current?.insert(reference),
      focus: () => handle.current?.focus(),
    }),
    [id, label],
  );
  const { forget } = place;
  useEffect(() => () => forget(id), [forget, id]);
  const buttons = (
    <>
      {text.includes("{{") && (
        <Tooltip label={raw ? "Show data as pills" : "Show data as text"}>
          <ActionIcon
            variant={raw ? "light" : "subtle"}
            color="gray"
            size={22}
            aria-label={`${label}: show data as text`}
            aria-pressed={raw}
            onClick={() => setRaw(!raw)}
          >
            <IconCode size={14} />
          </ActionIcon>
        </Tooltip>
      )}
      <Tooltip label="Insert data from an earlier step">
        <ActionIcon
          variant={place.picking && place.target?.id === id ? "light" : "subtle"}
          size={22}
          aria-label={`${label}: insert data`}
          aria-haspopup="dialog"
          onClick={() => (place.picking && place.target?.id === id ? place.close() : place.pick(target))}
        >
          <IconBraces size={15} />
        </ActionIcon>
      </Tooltip>
    </>
  );

  return (
    <div>
      {!props.bare && (
        <div className={classes.head}>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: clicking a label puts the cursor into its field */}
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field is reached by the keyboard itself */}
          <div className={classes.label} onClick={() => handle.current?.focus()}>
            {label}
            {props.required && <span className={classes.required}> *</span>}
          </div>
          {buttons}
          {props.aside}
        </div>
      )}
      {!props.bare && props.help && <p className={classes.help}>{props.help}</p>}
      <div className={classes.row}>
        <div
          className={classes.box}
          data-kind={kind}
          data-raw={raw || undefined}
          data-invalid={fault ? true : undefined}
        >
          <Suspense fallback={<div className={classes.waiting}>{text || props.placeholder}</div>}>
            <TemplateEditor
              kind={kind}
              value={value}
              onChange={props.onChange}
              onText={(next) => {
                setText(next);
                setHovered(null);
              }}
              label={label}
              describedBy={`${id}-below`}
              placeholder={props.placeholder}
              invalid={fault !== undefined}
              raw={raw}
              onReady={(made) => {
                handle.current = made;
              }}
              onFocus={(isFocused) => {
                setIsWriting(isFocused);
                if (isFocused) place.serve(target);
              }}
              onBrowse={() => place.pick(target)}
              onOpenPill={setOpened}
              onHoverPill={setHovered}
            />
          </Suspense>
        </div>
        {props.bare && buttons}
        {props.bare && props.aside}
      </div>
      <FieldResult
        id={`${id}-below`}
        value={value}
        text={isUnfinished ? "" : text}
        fault={fault}
        wanting={props.wanting}
      />
      {hovered && !opened && <HoverValue at={hovered} />}
      {opened && (
        <PillDialog
          key={opened.from}
          at={opened}
          onChange={(source) => {
            handle.current?.replace(opened.from, opened.to, source);
            setOpened({ ...opened, to: opened.from + source.length });
          }}
          onClose={() => {
            setOpened(null);
            handle.current?.focus();
          }}
        />
      )}
    </div>
  );
}
