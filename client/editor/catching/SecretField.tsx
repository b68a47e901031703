// The secret of a sender: written, never shown again. While it is being changed, the old one and the new one both count.

import { Button } from "@mantine/core";
import { type CatchingView, type Sender, useSetCatching } from "../../api/catching.ts";
import { toProblem } from "../../api/problem.ts";
import type { Values } from "../../form/form-values.ts";
import { SecretControl } from "../../form/SecretControl.tsx";
import { askFirst } from "../../ui/ask.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import panel from "../panel/Panel.module.css";
import classes from "./Catching.module.css";
import type { Choice } from "./senders.ts";
import { keepsSecrets, type SecretFate, who } from "./who.ts";
import { secretWords } from "./who-fields.ts";

/** So many a catch URL can have. */
const MOST = 5;

export function SecretField(props: {
  flowId: string;
  values: Values;
  problems: Record<string, string>;
  view: CatchingView;
  sender: Sender | undefined;
  choice: Choice;
  onChange: (values: Values) => void;
}) {
  const { values, view, sender, onChange } = props;
  const remove = useSetCatching(props.flowId);
  const { label, help } = sender
    ? { label: sender.secretLabel, help: sender.secretHelp }
    : secretWords(props.choice);
  const keeps = keepsSecrets(values, view);
  const setFate = (fate: SecretFate) => onChange({ ...values, fate, secret: "" });
  const refused = remove.error ? toProblem(remove.error) : undefined;
  const isWriting = !keeps || values.fate !== "keep";
  return (
    <>
      {keeps && (
        <section aria-label={label}>
          <p className={panel.title}>{label}</p>
          <p className={panel.text}>
            {view.secrets === 1
              ? "1 secret is kept. It is never shown again."
              : `${view.secrets} secrets are kept. Any of them will do, and they are never shown again.`}
          </p>
          {!isWriting && (
            <div className={classes.kept} style={{ marginTop: 6 }}>
              <Button
                variant="default"
                size="compact-xs"
                disabled={view.secrets >= MOST}
                onClick={() => setFate("add")}
              >
                Add another
              </Button>
              <Button variant="default" size="compact-xs" onClick={() => setFate("replace")}>
                Replace
              </Button>
              <Button
                variant="default"
                size="compact-xs"
                loading={remove.isPending}
                onClick={() =>
                  askFirst({
                    title: "Remove all secrets?",
                    text: "Without a secret nobody can be told apart: anybody who knows the address may call it.",
                    yes: "Remove all and let anybody call it",
                    go: () =>
                      remove.mutate(
                        { part: { verification: { kind: "none" } }, secrets: [] },
                        { onSuccess: ({ settings }) => onChange(who.read(settings)) },
                      ),
                  })
                }
              >
                Remove all
              </Button>
            </div>
          )}
        </section>
      )}
      {refused && <ProblemNote sentence={refused.message} hint={refused.hint} urgent />}
      {isWriting && (
        <SecretControl
          field={{
            key: "secret",
            label: keeps ? `Another: ${label}` : label,
            help: keeps ? fateWords(values.fate) : help,
            control: "secret",
            required: true,
          }}
          path="secret"
          value={values.secret}
          problem={props.problems.secret}
          onChange={(secret) => onChange({ ...values, secret })}
        />
      )}
      {keeps && isWriting && (
        <Button variant="subtle" size="compact-xs" w="fit-content" ml={-6} onClick={() => setFate("keep")}>
          Leave the secrets as they are
        </Button>
      )}
    </>
  );
}

function fateWords(fate: unknown): string {
  return fate === "add"
    ? "The old one goes on counting beside it, so that nothing is refused while the sender changes over."
    : "Only this one counts as soon as it is saved.";
}
