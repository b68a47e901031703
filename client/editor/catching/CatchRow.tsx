// One part of the catch settings: a line that says what holds, and behind it the form, saved or cancelled by itself.

import { Button } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { type FormEvent, useId, useRef, useState } from "react";
import { type CatchingView, type Sender, useSetCatching } from "../../api/catching.ts";
import { type ApiProblem, toProblem } from "../../api/problem.ts";
import { Form } from "../../form/Form.tsx";
import type { Values } from "../../form/form-values.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import classes from "./Catching.module.css";
import { Methods } from "./Methods.tsx";
import { pressure } from "./pressure.ts";
import { type CatchSection, isUsed, keyOf, problemsIn } from "./section.ts";
import { WhoForm } from "./WhoForm.tsx";
import { who } from "./who.ts";

export function CatchRow(props: {
  flowId: string;
  section: CatchSection;
  view: CatchingView;
  senders: readonly Sender[];
  /** What is being written; null while it is closed. */
  values: Values | null;
  /** It was saved a moment ago. */
  saved: boolean;
  onWrite: (values: Values | null) => void;
  onSaved: () => void;
}) {
  const { section, view, senders, values, onWrite } = props;
  const toggle = useRef<HTMLButtonElement>(null);
  const id = useId();
  const used = isUsed(section, view.settings);
  const isOpen = values !== null;
  const Icon = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <div className={classes.row} data-used={used || undefined}>
      <h4 className={classes.heading}>
        <button
          type="button"
          className={classes.toggle}
          aria-expanded={isOpen}
          aria-controls={isOpen ? id : undefined}
          ref={toggle}
          onClick={() => onWrite(isOpen ? null : section.read(view.settings))}
        >
          <Icon size={15} aria-hidden="true" className={classes.chevron} />
          <span className={classes.said}>
            <span className={classes.name}>{section.title}</span>{" "}
            <span className={classes.words}>{section.words(view, senders)}</span>
          </span>
          {used && <span className={classes.used} aria-hidden="true" />}
        </button>
      </h4>
      <div role="status">
        {props.saved && (
          <p className={classes.saved}>Saved. It counts from now on, also for the published version.</p>
        )}
      </div>
      {values !== null && (
        <div id={id}>
          <RowForm
            {...props}
            values={values}
            // The form goes, and the keyboard stays where it was.
            onCancel={() => {
              toggle.current?.focus();
              onWrite(null);
            }}
            onSaved={() => {
              toggle.current?.focus();
              props.onSaved();
            }}
          />
        </div>
      )}
    </div>
  );
}

function RowForm(props: {
  flowId: string;
  section: CatchSection;
  view: CatchingView;
  senders: readonly Sender[];
  values: Values;
  onWrite: (values: Values) => void;
  onCancel: () => void;
  onSaved: () => void;
}) {
  const { flowId, section, view, senders, values, onWrite } = props;
  const save = useSetCatching(flowId);
  const [tried, setTried] = useState(false);
  const fields = section.fields(values, senders);
  const refused = save.error ? toProblem(save.error) : undefined;
  const told = refused
    ? problemsTold(refused, [...Object.keys(values), ...fields.map(({ key }) => key)])
    : {};
  const problems = { ...told, ...(tried ? problemsIn(section, values, view, senders) : {}) };
  const Fields = section.id === who.id ? WhoForm : Form;

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problemsIn(section, values, view, senders)).length > 0) return;
    save.mutate(section.write(values, view, senders), { onSuccess: props.onSaved });
  }

  return (
    <form className={classes.form} onSubmit={submit} noValidate aria-label={section.title}>
      {refused && Object.keys(told).length === 0 && (
        <ProblemNote sentence={refused.message} hint={refused.hint} urgent />
      )}
      {section.id === pressure.id && (
        <Methods values={values} problem={problems.methods} onChange={onWrite} />
      )}
      <Fields
        flowId={flowId}
        fields={fields}
        values={values}
        problems={problems}
        view={view}
        senders={senders}
        onChange={(next: Values) => {
          save.reset();
          onWrite(next);
        }}
      />
      <div className={classes.ends}>
        <Button variant="default" size="compact-sm" onClick={props.onCancel}>
          Cancel
        </Button>
        <Button type="submit" size="compact-sm" loading={save.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}

/** What the server said, by the field that it is about. */
function problemsTold(refused: ApiProblem, keys: readonly string[]): Record<string, string> {
  const all =
    refused.problems.length > 0
      ? refused.problems
      : [{ field: refused.field, sentence: refused.message, hint: refused.hint }];
  return Object.fromEntries(
    all.flatMap(({ field, sentence, hint = "" }): [string, string][] => {
      const key = field === undefined ? undefined : keyOf(field, keys);
      // The name of the place is written over the field already.
      return key === undefined
        ? []
        : [[key, `${sentence.replace(/^“settings[\w.]+” /, "This ")} ${hint}`.trim()]];
    }),
  );
}
