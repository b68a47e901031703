// The panel of the trigger: how the flow starts, trying it with a real or a made event, and the event to build with.

import { Select } from "@mantine/core";
import { type Step, stepOf, TRIGGER_ID } from "../../shared/graph.ts";
import { connectorOf, type TriggerManifest } from "../../shared/manifest.ts";
import { Form } from "../form/Form.tsx";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import { replaceTrigger } from "./add-step.ts";
import { Catching } from "./catching/Catching.tsx";
import { useEditor, useEditorPlace } from "./editor-context.ts";
import { CatchAddress } from "./panel/CatchAddress.tsx";
import { NextTimes } from "./panel/NextTimes.tsx";
import classes from "./panel/Panel.module.css";
import { PanelHead } from "./panel/PanelHead.tsx";
import { Samples } from "./panel/Samples.tsx";
import { SendSample } from "./panel/SendSample.tsx";
import { changedKey, changeInput } from "./panel/step-changes.ts";

export function TriggerPanel() {
  const { flow, manifests } = useEditorPlace();
  const step = useEditor((state) => stepOf(state.graph, TRIGGER_ID));
  const trigger = step && manifests.triggers.get(step.uses);
  if (!step) {
    return (
      <div className={classes.body}>
        <ProblemNote
          tone="amber"
          sentence="This flow has no trigger: nothing can start it."
          hint="Add one from the list at the left, such as “Catch a webhook”."
        />
      </div>
    );
  }
  const connector = manifests.connectors.find(({ id }) => id === connectorOf(step.uses));
  return (
    <div className={classes.panel}>
      <PanelHead
        step={step}
        kind={trigger ? `${connector?.name ?? ""}: ${trigger.name}` : step.uses}
        about={trigger?.description ?? "This installation does not have it. Choose another one."}
      />
      <div className={classes.body}>
        <section className={classes.section}>
          <StartsBy step={step} />
          {trigger && <Fields step={step} trigger={trigger} />}
          {trigger?.starts === "schedule" && <NextTimes uses={step.uses} input={step.input} />}
        </section>
        {trigger?.starts === "catch" && (
          <>
            <CatchAddress flow={flow} />
            <Catching flowId={flow.id} />
            <SendSample />
          </>
        )}
        {trigger && <Samples trigger={trigger} />}
      </div>
    </div>
  );
}

function StartsBy({ step }: { step: Step }) {
  const { manifests } = useEditorPlace();
  const edit = useEditor((state) => state.edit);
  return (
    <Select
      label="What starts the flow"
      data={[...manifests.triggers.values()].map(({ uses, name }) => ({ value: uses, label: name }))}
      value={step.uses}
      allowDeselect={false}
      checkIconPosition="right"
      onChange={(uses) => {
        if (!uses || uses === step.uses) return;
        const name = manifests.triggers.get(uses)?.name ?? uses;
        edit(`Start by “${name}”`, (graph) => replaceTrigger(graph, manifests, uses));
      }}
    />
  );
}

/** Nothing comes before a trigger, so its fields hold no data: they are the plain ones. */
function Fields({ step, trigger }: { step: Step; trigger: TriggerManifest }) {
  const { manifests } = useEditorPlace();
  const edit = useEditor((state) => state.edit);
  if (trigger.fields.length === 0) return null;
  return (
    <Form
      key={step.uses}
      fields={trigger.fields}
      values={step.input}
      problems={{}}
      onChange={(input) => {
        const key = changedKey(step.input, input);
        const label = trigger.fields.find((field) => field.key === key)?.label ?? "Fields";
        edit(
          `“${label}” of “${step.name}”`,
          (graph) => changeInput(graph, TRIGGER_ID, input, manifests),
          `trigger field ${key}`,
        );
      }}
    />
  );
}
