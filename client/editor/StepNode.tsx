// One step on the canvas: icon, name, what it does, its ports, and in a run what became of it.

import { IconBolt } from "@tabler/icons-react";
import { Handle, type NodeProps, Position } from "@xyflow/react";
import { createContext, memo, use } from "react";
import { noManifests } from "../api/connectors.ts";
import { ConnectorIcon } from "../ui/ConnectorIcon.tsx";
import { stepLook } from "../ui/status.ts";
import { type CanvasNode, portShare } from "./canvas.ts";
import classes from "./StepNode.module.css";

export const ManifestsContext = createContext(noManifests);

export const StepNode = memo(function StepNode({ data, selected }: NodeProps<CanvasNode>) {
  const manifests = use(ManifestsContext);
  const { step, does, ports, mark, untouched, isTrigger } = data;
  const tone = mark ? stepLook[mark.status].tone : undefined;
  const moving = mark ? stepLook[mark.status].moving : undefined;
  return (
    <div
      className={classes.step}
      data-tone={tone}
      data-moving={moving || undefined}
      data-selected={selected || undefined}
      data-faint={untouched || mark?.status === "skipped" || step.disabled || undefined}
    >
      {!isTrigger && (
        <Handle type="target" position={Position.Top} className={classes.in} isConnectable={false} />
      )}
      <ConnectorIcon uses={step.uses} manifests={manifests} size={38} />
      <span className={classes.words}>
        <span className={classes.name} title={step.name}>
          {step.name}
        </span>
        <span className={classes.does}>
          {isTrigger && <IconBolt size={12} aria-hidden="true" className={classes.bolt} />}
          {step.disabled ? "Switched off" : does}
        </span>
      </span>
      {mark && (
        <span className={classes.mark} data-status={mark.status}>
          <span className={classes.dot} aria-hidden="true" />
          {mark.note}
        </span>
      )}
      {ports.map((port, index) => {
        const left = `${portShare(index, ports.length) * 100}%`;
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
