// A difference in words: the steps that came, went and changed, each changed field before and after, and the edges.

import { IconMinus, IconPencil, IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { type Edge, type Graph, type Step, stepOf } from "../../shared/graph.ts";
import type { FieldChange, GraphDifference } from "../../shared/graph-difference.ts";
import { type Manifests, portsOf } from "../../shared/manifest.ts";
import { useConnections } from "../api/connections.ts";
import { ConnectorIcon } from "../ui/ConnectorIcon.tsx";
import { fieldLabel, shownValue } from "./difference-words.ts";
import classes from "./VersionDifference.module.css";

interface Props {
  before: Graph;
  after: Graph;
  difference: GraphDifference;
  manifests: Manifests;
}

export function DifferenceList({ before, after, difference, manifests }: Props) {
  const { added, removed, changed, edgesAdded, edgesRemoved, notesAdded, notesRemoved } = difference;
  const connections = useConnections();
  const names = new Map(connections.data?.map(({ id, name }) => [id, name]));
  return (
    <ul className={classes.list} aria-label="Changes">
      {added.map((step) => (
        <Row key={step.id} kind="added" step={step} manifests={manifests} />
      ))}
      {removed.map((step) => (
        <Row key={step.id} kind="removed" step={step} manifests={manifests} />
      ))}
      {changed.map((change) => (
        <Row key={change.after.id} kind="changed" step={change.after} manifests={manifests}>
          <dl className={classes.fields}>
            {change.fields.map((field) => (
              <Field key={field.key} field={field} step={change.after} manifests={manifests} names={names} />
            ))}
          </dl>
        </Row>
      ))}
      {edgesAdded.map((edge) => (
        <Line key={`+${edge.id}`} kind="added">
          Edge {edgeWords(after, edge, manifests)}
        </Line>
      ))}
      {edgesRemoved.map((edge) => (
        <Line key={`-${edge.id}`} kind="removed">
          Edge {edgeWords(before, edge, manifests)}
        </Line>
      ))}
      {notesAdded.map((note) => (
        <Line key={`+${note.id}`} kind="added">
          Note: {note.text.slice(0, 300)}
        </Line>
      ))}
      {notesRemoved.map((note) => (
        <Line key={`-${note.id}`} kind="removed">
          Note: {note.text.slice(0, 300)}
        </Line>
      ))}
    </ul>
  );
}

const LOOK = {
  added: { word: "Added", icon: IconPlus },
  removed: { word: "Removed", icon: IconMinus },
  changed: { word: "Changed", icon: IconPencil },
};
type Kind = keyof typeof LOOK;

function Row(props: { kind: Kind; step: Step; manifests: Manifests; children?: ReactNode }) {
  const { step, manifests } = props;
  const does = (manifests.actions.get(step.uses) ?? manifests.triggers.get(step.uses))?.name ?? step.uses;
  return (
    <li className={classes.row}>
      <div className={classes.head}>
        <Mark kind={props.kind} />
        <ConnectorIcon uses={step.uses} manifests={manifests} size={24} />
        <span className={classes.name}>{step.name}</span>
        <span className={classes.does}>{does}</span>
      </div>
      {props.children}
    </li>
  );
}

function Line({ kind, children }: { kind: Kind; children: ReactNode }) {
  return (
    <li className={classes.row}>
      <div className={classes.head}>
        <Mark kind={kind} />
        <span className={classes.words}>{children}</span>
      </div>
    </li>
  );
}

function Mark({ kind }: { kind: Kind }) {
  const { word, icon: Icon } = LOOK[kind];
  return (
    <span className={classes.mark} data-kind={kind}>
      <Icon size={13} stroke={2.4} aria-hidden="true" />
      {word}
    </span>
  );
}

function Field(props: { field: FieldChange; step: Step; manifests: Manifests; names: Map<string, string> }) {
  const { field, step, manifests, names } = props;
  const show = (value: unknown) => shownValue(field.key, value, names);
  return (
    <div className={classes.field}>
      <dt className={classes.label}>{fieldLabel(field.key, step, manifests)}</dt>
      <Value kind="removed" word="Before" text={show(field.before)} />
      <Value kind="added" word="After" text={show(field.after)} />
    </div>
  );
}

function Value({ kind, word, text }: { kind: Kind; word: string; text: string | undefined }) {
  return (
    <dd className={classes.value} data-kind={kind} data-nothing={text === undefined || undefined}>
      <span className="unseen">{word}: </span>
      {text ?? "not there"}
    </dd>
  );
}

function edgeWords(graph: Graph, { from, port, to }: Edge, manifests: Manifests): string {
  const step = stepOf(graph, from);
  const label = step ? portsOf(step, manifests).find(({ id }) => id === port)?.label : undefined;
  const by = port === "main" ? "" : `, by “${label || port}”,`;
  return `from “${step?.name ?? from}”${by} to “${stepOf(graph, to)?.name ?? to}”`;
}
