// The canvas of a difference: added steps and edges in green, removed ones in red, changed ones in amber.

import "@xyflow/react/dist/style.css";
import { useComputedColorScheme } from "@mantine/core";
import {
  Background,
  BackgroundVariant,
  BaseEdge,
  Controls,
  type EdgeProps,
  getSmoothStepPath,
  type NodeProps,
  ReactFlow,
  ReactFlowProvider,
} from "@xyflow/react";
import { createContext, use, useMemo } from "react";
import type { Graph } from "../../shared/graph.ts";
import type { GraphDifference } from "../../shared/graph-difference.ts";
import type { Manifests } from "../../shared/manifest.ts";
import canvasClasses from "./Canvas.module.css";
import { type CanvasEdge, type StepCanvasNode, toCanvas } from "./canvas.ts";
import classes from "./DifferenceCanvas.module.css";
import { type ChangeKind, differenceGraph } from "./difference-graph.ts";
import { NoteCard } from "./NoteCard.tsx";
import { ManifestsContext, StepNode } from "./StepNode.tsx";

const nodeTypes = { step: DifferenceStep, note: NoteCard };
const edgeTypes = { step: DifferenceEdge };
const FIT = { padding: 0.14, maxZoom: 1, minZoom: 0.3 };

const KIND_WORDS: Record<ChangeKind, string> = {
  added: "Added",
  removed: "Removed",
  changed: "Changed",
};

interface Kinds {
  steps: Map<string, ChangeKind>;
  edges: Map<string, ChangeKind>;
}
const KindsContext = createContext<Kinds>({ steps: new Map(), edges: new Map() });

export function DifferenceCanvas(props: {
  after: Graph;
  difference: GraphDifference;
  manifests: Manifests;
  label: string;
}) {
  const { after, difference, manifests, label } = props;
  const scheme = useComputedColorScheme();
  const { drawn, kinds, shape } = useMemo(() => {
    const { graph, ...found } = differenceGraph(after, difference);
    const { nodes, edges } = toCanvas(graph, manifests);
    const spoken = nodes.map((node) => {
      const kind = found.steps.get(node.id);
      return kind ? { ...node, ariaLabel: `${node.ariaLabel}: ${KIND_WORDS[kind].toLowerCase()}` } : node;
    });
    return { drawn: { nodes: spoken, edges }, kinds: found, shape: Object.keys(graph.steps).join(" ") };
  }, [after, difference, manifests]);
  return (
    <section className={canvasClasses.canvas} aria-label={label}>
      {/* Another shape is fitted anew. */}
      <ReactFlowProvider key={shape}>
        <ManifestsContext value={manifests}>
          <KindsContext value={kinds}>
            <ReactFlow
              nodes={drawn.nodes}
              edges={drawn.edges}
              nodeTypes={nodeTypes}
              edgeTypes={edgeTypes}
              colorMode={scheme}
              fitView
              fitViewOptions={FIT}
              minZoom={0.15}
              maxZoom={1.75}
              nodesDraggable={false}
              nodesConnectable={false}
              nodesFocusable={false}
              edgesFocusable={false}
              elementsSelectable={false}
              zoomOnScroll={false}
              preventScrolling={false}
              deleteKeyCode={null}
            >
              <Background variant={BackgroundVariant.Dots} gap={20} size={1.4} color="var(--canvas-dot)" />
              <Controls showInteractive={false} fitViewOptions={FIT} position="bottom-left" />
            </ReactFlow>
          </KindsContext>
        </ManifestsContext>
      </ReactFlowProvider>
    </section>
  );
}

function DifferenceStep(props: NodeProps<StepCanvasNode>) {
  const kind = use(KindsContext).steps.get(props.id);
  return (
    <div className={classes.step} data-kind={kind}>
      <StepNode {...props} />
      {kind && <span className={classes.kind}>{KIND_WORDS[kind]}</span>}
    </div>
  );
}

function DifferenceEdge(props: EdgeProps<CanvasEdge>) {
  const kind = use(KindsContext).edges.get(props.id);
  const [path] = getSmoothStepPath({ ...props, borderRadius: 14 });
  return (
    <g className={classes.edge} data-kind={kind}>
      <BaseEdge path={path} />
    </g>
  );
}
