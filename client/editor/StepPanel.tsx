// The panel of a step: its fields with data of the steps before, a test, and how it behaves.

import { Tabs } from "@mantine/core";
import { useMemo } from "react";
import { type Step, stepOf } from "../../shared/graph.ts";
import { type ActionManifest, connectorOf } from "../../shared/manifest.ts";
import { Form } from "../form/Form.tsx";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import { DataFrame } from "./data/DataFrame.tsx";
import { scopeOf } from "./data/data-sources.ts";
import { useSources } from "./data/use-step-data.ts";
import { useEditor, useEditorPlace } from "./editor-context.ts";
import { ConnectionPicker } from "./panel/ConnectionPicker.tsx";
import classes from "./panel/Panel.module.css";
import { PanelHead } from "./panel/PanelHead.tsx";
import { StepSettings } from "./panel/StepSettings.tsx";
import { StepTest, useStepTest } from "./panel/StepTest.tsx";
import { changedKey, changeInput } from "./panel/step-changes.ts";
import { useProblems } from "./problems.ts";

export function StepPanel({ stepId }: { stepId: string }) {
  const { manifests } = useEditorPlace();
  const step = useEditor((state) => stepOf(state.graph, stepId));
  const action = step && manifests.actions.get(step.uses);
  if (!step) return null;
  if (!action) {
    return (
      <div className={classes.panel}>
        <PanelHead step={step} kind={step.uses} about="" />
        <div className={classes.body}>
          <ProblemNote
            sentence={`This installation has no “${step.uses}”.`}
            hint="Delete the step, or update Flowcatch."
          />
        </div>
      </div>
    );
  }
  return <ActionPanel key={stepId} step={step} action={action} />;
}

function ActionPanel({ step, action }: { step: Step; action: ActionManifest }) {
  const { manifests } = useEditorPlace();
  const sources = useSources(step.id);
  const found = useProblems();
  const problems = useMemo(() => found.filter(({ stepId }) => stepId === step.id), [found, step.id]);
  const test = useStepTest(step, scopeOf(sources));
  const connector = manifests.connectors.find(({ id }) => id === connectorOf(step.uses));
  const loose = problems.filter(({ field, code }) => field === undefined && code !== "connection-missing");
  return (
    <div className={classes.panel}>
      <PanelHead step={step} kind={`${connector?.name ?? ""}: ${action.name}`} about={action.description} />
      <DataFrame stepId={step.id} sources={sources} problems={problems}>
        <Tabs defaultValue="fields" keepMounted={false}>
          <Tabs.List px={8} className={classes.tabs}>
            <Tabs.Tab value="fields">Set up</Tabs.Tab>
            <Tabs.Tab value="test">Test</Tabs.Tab>
            <Tabs.Tab value="settings">Settings</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="fields">
            <div className={classes.body}>
              {loose.map(({ code, sentence, hint }) => (
                <ProblemNote key={code} tone="amber" sentence={sentence} hint={hint} />
              ))}
              <ConnectionPicker step={step} action={action} />
              <StepForm step={step} action={action} />
            </div>
          </Tabs.Panel>
          <Tabs.Panel value="test">
            <StepTest step={step} action={action} test={test} />
          </Tabs.Panel>
          <Tabs.Panel value="settings">
            <StepSettings step={step} action={action} />
          </Tabs.Panel>
        </Tabs>
      </DataFrame>
    </div>
  );
}

function StepForm({ step, action }: { step: Step; action: ActionManifest }) {
  const { manifests } = useEditorPlace();
  const edit = useEditor((state) => state.edit);
  if (action.fields.length === 0) {
    return <p className={classes.text}>This step has nothing to fill in.</p>;
  }
  return (
    <Form
      fields={action.fields}
      values={step.input}
      problems={{}}
      onChange={(input) => {
        const key = changedKey(step.input, input);
        const label = action.fields.find((field) => field.key === key)?.label ?? "Fields";
        edit(
          `“${label}” of “${step.name}”`,
          (graph) => changeInput(graph, step.id, input, manifests),
          `${step.id} field ${key}`,
        );
      }}
    />
  );
}
