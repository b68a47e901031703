// What a step does besides its work: trying again, giving up, what happens then, and notes for people.

import { SegmentedControl, Switch, Textarea } from "@mantine/core";
import { changeStep, type Step } from "../../../shared/graph.ts";
import type { ActionManifest } from "../../../shared/manifest.ts";
import { useEditor } from "../editor-context.ts";
import { Amount } from "./Amount.tsx";
import { IfItFails } from "./IfItFails.tsx";
import classes from "./Panel.module.css";
import { lengthWords, repeatWords, retryWords, USUAL_RETRY, USUAL_TIMEOUT_MS } from "./retry-words.ts";
import { dropSetting } from "./step-changes.ts";

export function StepSettings({ step, action }: { step: Step; action: ActionManifest }) {
  const edit = useEditor((state) => state.edit);
  const change = (label: string, part: Partial<Omit<Step, "id">>) =>
    edit(`${label} of “${step.name}”`, (graph) => changeStep(graph, step.id, part), `${step.id} ${label}`);
  const drop = (label: string, setting: Parameters<typeof dropSetting>[2]) =>
    edit(`${label} of “${step.name}”`, (graph) => dropSetting(graph, step.id, setting));
  const retry = step.retry ?? USUAL_RETRY;
  return (
    <div className={classes.body}>
      <section className={classes.section}>
        <Switch
          label="Switched off"
          description="The flow passes straight through this step, as if it were not there."
          checked={step.disabled === true}
          onChange={(event) =>
            event.currentTarget.checked ? change("Switch", { disabled: true }) : drop("Switch", "disabled")
          }
        />
      </section>

      <section className={classes.section}>
        <h3 className={classes.title}>Trying again</h3>
        <SegmentedControl
          size="xs"
          aria-label="Trying again"
          value={step.retry ? "own" : "usual"}
          onChange={(value) =>
            value === "own" ? change("Retries", { retry: USUAL_RETRY }) : drop("Retries", "retry")
          }
          data={[
            { value: "usual", label: "As usual" },
            { value: "own", label: "My own way" },
          ]}
        />
        {step.retry && (
          <>
            <Amount
              label="Attempts in all"
              value={retry.attempts}
              min={1}
              max={20}
              onChange={(attempts) => change("Retries", { retry: { ...retry, attempts } })}
            />
            <Amount
              label="First wait, at most"
              suffix=" s"
              value={retry.baseMs / 1_000}
              min={0.1}
              max={3_600}
              onChange={(seconds) =>
                change("Retries", { retry: { ...retry, baseMs: Math.round(seconds * 1_000) } })
              }
            />
            <Amount
              label="Longest wait"
              suffix=" s"
              value={retry.capMs / 1_000}
              min={0.1}
              max={86_400}
              onChange={(seconds) =>
                change("Retries", { retry: { ...retry, capMs: Math.round(seconds * 1_000) } })
              }
            />
          </>
        )}
        <p className={classes.text}>
          {retryWords(retry)} Only what may pass is tried again, such as a service that is down; a refusal is
          not.
        </p>
      </section>

      <section className={classes.section}>
        <h3 className={classes.title}>Time limit</h3>
        <Amount
          label="For one attempt"
          suffix=" s"
          value={(step.timeoutMs ?? USUAL_TIMEOUT_MS) / 1_000}
          min={0.1}
          max={600}
          onChange={(seconds) => change("Time limit", { timeoutMs: Math.round(seconds * 1_000) })}
        />
        <p className={classes.text}>
          An attempt that takes longer counts as failed. The usual limit is {lengthWords(USUAL_TIMEOUT_MS)}.
        </p>
      </section>

      <IfItFails step={step} />

      <section className={classes.section}>
        <h3 className={classes.title}>If it is interrupted</h3>
        <SegmentedControl
          size="xs"
          aria-label="If it is interrupted"
          value={step.ifInterrupted ?? "default"}
          onChange={(value) =>
            value === "default"
              ? drop("Interruption", "ifInterrupted")
              : change("Interruption", { ifInterrupted: value === "ask" ? "ask" : "repeat" })
          }
          data={[
            { value: "default", label: "As usual" },
            { value: "repeat", label: "Do it again" },
            { value: "ask", label: "Ask me" },
          ]}
        />
        <p className={classes.text}>
          When the server stopped in the middle of this step, nobody knows whether it happened.{" "}
          {step.ifInterrupted === undefined
            ? repeatWords(action.repeat)
            : step.ifInterrupted === "ask"
              ? "The run stops here and asks you: repeat, skip or stop."
              : "It is simply done again, even if that means twice."}
        </p>
      </section>

      <section className={classes.section}>
        <Textarea
          label="Note"
          description="For you and others; the flow does not read it."
          autosize
          minRows={2}
          maxRows={8}
          maxLength={2_000}
          value={step.note ?? ""}
          onChange={(event) => {
            const note = event.currentTarget.value;
            if (note === "") drop("Note", "note");
            else change("Note", { note });
          }}
        />
        <p className={classes.text}>
          In templates this step is called <span className="mono">{step.id}</span>.
        </p>
      </section>
    </div>
  );
}
