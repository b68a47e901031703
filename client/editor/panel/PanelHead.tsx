// The top of a panel: what the step is, and its name, which is changed in place.

import { TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { changeStep, type Step } from "../../../shared/graph.ts";
import { ConnectorIcon } from "../../ui/ConnectorIcon.tsx";
import { useEditor, useEditorPlace } from "../editor-context.ts";
import classes from "./Panel.module.css";

export function PanelHead({ step, kind, about }: { step: Step; kind: string; about: string }) {
  const { manifests } = useEditorPlace();
  const edit = useEditor((state) => state.edit);
  const [name, setName] = useState(step.name);
  useEffect(() => setName(step.name), [step.name]);
  return (
    <header className={classes.head}>
      <ConnectorIcon uses={step.uses} manifests={manifests} size={36} />
      <div className={classes.titles}>
        <TextInput
          className={classes.name ?? ""}
          aria-label="Name of the step"
          value={name}
          maxLength={120}
          error={name.trim() === ""}
          onChange={(event) => {
            const next = event.currentTarget.value;
            setName(next);
            if (next.trim() === "") return;
            edit(
              `Rename “${step.name}”`,
              (graph) => changeStep(graph, step.id, { name: next }),
              `${step.id} name`,
            );
          }}
          onBlur={() => setName(step.name)}
        />
        <p className={classes.about}>
          {kind}. {about}
        </p>
      </div>
    </header>
  );
}
