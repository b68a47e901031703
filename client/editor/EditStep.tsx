// A step that is being edited: its ports can be drawn from and added to, its name changed in place.

import { IconAlertTriangle, IconPlus } from "@tabler/icons-react";
import { Handle, type NodeProps, Position } from "@xyflow/react";
import { memo } from "react";
import { changeStep } from "../../shared/graph.ts";
import type { Port } from "../../shared/manifest.ts";
import { portPlace, type StepCanvasNode } from "./canvas.ts";
import classes from "./EditStep.module.css";
import { useView } from "./editor-view.ts";
import { NameField } from "./NameField.tsx";
import { StepFace, stepLooks } from "./StepNode.tsx";
import { useTools } from "./tools.ts";

export const EditStep = memo(function EditStep({ id, data, selected }: NodeProps<StepCanvasNode>) {
  const { store, view } = useTools();
  const renaming = useView((state) => state.renaming === id);
  const { step, ports, problems } = data;

  function rename(name: string | null): void {
    view.getState().set({ renaming: null });
    if (name !== null && name !== step.name) {
      store.getState().edit(`rename “${step.name}” to “${name}”`, (graph) => changeStep(graph, id, { name }));
    }
  }

  return (
    <div {...stepLooks(data, selected)} data-edited>
      {/* The trigger has one too, so that an edge drawn to it can be told why not. */}
      <Handle
        type="target"
        position={Position.Top}
        className={data.isTrigger ? `${classes.in} ${classes.none}` : classes.in}
        isConnectableStart={false}
      />
      <StepFace data={data}>
        {renaming && <NameField name={step.name} onDone={rename} label="Name of the step" />}
      </StepFace>
      {problems > 0 && (
        <span className={classes.problems} title={problems === 1 ? "1 problem" : `${problems} problems`}>
          <IconAlertTriangle size={14} stroke={2.2} aria-hidden="true" />
        </span>
      )}
      {ports.map((port) => (
        <OutPort
          key={port.id}
          port={port}
          ports={ports}
          step={step}
          selected={selected}
          used={data.used.has(port.id)}
        />
      ))}
    </div>
  );
});

function OutPort(props: {
  port: Port;
  ports: Port[];
  step: { id: string; name: string };
  selected: boolean;
  used: boolean;
}) {
  const { port, ports, step, selected, used } = props;
  const { view } = useTools();
  const where = port.label === "" ? "" : ` by “${port.label}”`;
  return (
    <Handle
      id={port.id}
      type="source"
      position={Position.Bottom}
      className={classes.out}
      data-port={port.id}
      data-used={used || undefined}
      style={{ left: `${portPlace(ports, port.id) * 100}%` }}
      isConnectableEnd={false}
    >
      <button
        type="button"
        className={classes.add}
        // Each step is one stop of the Tab key; its ports are reached once it is chosen.
        tabIndex={selected ? 0 : -1}
        aria-label={`Add a step after “${step.name}”${where}`}
        onClick={(event) => {
          event.stopPropagation();
          const box = event.currentTarget.getBoundingClientRect();
          view.getState().set({
            picker: { from: { step: step.id, port: port.id }, screen: { x: box.left, y: box.bottom + 6 } },
          });
        }}
        onDoubleClick={(event) => event.stopPropagation()}
        onKeyDown={(event) => event.stopPropagation()}
      >
        <IconPlus size={12} stroke={2.6} aria-hidden="true" />
      </button>
      {port.label !== "" && (
        <span className={classes.port} data-port={port.id}>
          {port.label}
        </span>
      )}
    </Handle>
  );
}
