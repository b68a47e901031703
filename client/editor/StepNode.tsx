// One step on the canvas: icon, name, what it does, its ports, and in a run what became of it.

import { IconBolt } from "@tabler/icons-react";
import { Handle, type NodeProps, Position } from "@xyflow/react";
import { createContext, memo, type ReactNode, use } from "react";
import { connectorOf } from "../../shared/manifest.ts";
import { noManifests } from "../api/connectors.ts";
import { ConnectorIcon } from "../ui/ConnectorIcon.tsx";
import { stepLook } from "../ui/status.ts";
import { portPlace, type StepCanvasNode, type StepData } from "./canvas.ts";
import classes from "./StepNode.module.css";

export const ManifestsContext = createContext(noManifests);

export const StepNode = memo(function StepNode({ data, selected }: NodeProps<StepCanvasNode>) {
  const { ports, isTrigger } = data;
  return (
    <div {...stepLooks(data, selected)}>
      {!isTrigger && (
        <Handle type="target" position={Position.Top} className={classes.in} isConnectable={false} />
      )}
      <StepFace data={data} />
      {ports.map((port) => {
        const left = `${portPlace(ports, port.id) * 100}%`;
        return (
          <Handle
            key={port.id}
            id={port.id}
            type="source"
            position={Position.Bottom}
            className={classes.out}
            style={{ left }}
            isConnectable={false}
          >
            {port.label !== "" && (
              <span className={classes.port} data-port={port.id}>
                {port.label}
              </span>
            )}
          </Handle>
        );
      })}
    </div>
  );
});

/** The attributes that give a step's box its look. */
export function stepLooks({ step, mark, untouched }: StepData, selected: boolean) {
  return {
    className: classes.step,
    "data-tone": mark ? stepLook[mark.status].tone : undefined,
    "data-moving": (mark && stepLook[mark.status].moving) || undefined,
    "data-selected": selected || undefined,
    "data-faint": untouched || mark?.status === "skipped" || step.disabled || undefined,
  };
}

/** What is in the box; `children` stand in place of the name while it is being changed. */
export function StepFace({ data, children }: { data: StepData; children?: ReactNode }) {
  const manifests = use(ManifestsContext);
  const { step, does, mark, isTrigger } = data;
  // A step that was not given a name of its own need not say the same twice.
  const connectorName = manifests.connectors.find((one) => one.id === connectorOf(step.uses))?.name;
  return (
    <>
      <ConnectorIcon uses={step.uses} manifests={manifests} size={38} />
      <span className={classes.words}>
        {children || (
          <span className={classes.name} title={step.name}>
            {step.name}
          </span>
        )}
        <span className={classes.does}>
          {isTrigger && <IconBolt size={12} aria-hidden="true" className={classes.bolt} />}
          {step.disabled ? "Switched off" : does === step.name ? connectorName : does}
        </span>
      </span>
      {mark && (
        <span className={classes.mark} data-status={mark.status}>
          <span className={classes.dot} aria-hidden="true" />
          {mark.note}
        </span>
      )}
    </>
  );
}
