// The canvas: a graph to look at, move and zoom; with `marks`, the way a run took through it.

import "@xyflow/react/dist/style.css";
import { useComputedColorScheme } from "@mantine/core";
import {
  Background,
  BackgroundVariant,
  Controls,
  MiniMap,
  type NodeChange,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from "@xyflow/react";
import { useEffect, useMemo } from "react";
import type { Graph } from "../../shared/graph.ts";
import type { Manifests } from "../../shared/manifest.ts";
import classes from "./Canvas.module.css";
import { type CanvasNode, type StepMark, toCanvas } from "./canvas.ts";
import { NoteCard } from "./NoteCard.tsx";
import { StepEdge } from "./StepEdge.tsx";
import { ManifestsContext, StepNode } from "./StepNode.tsx";

const nodeTypes = { step: StepNode, note: NoteCard };
const edgeTypes = { step: StepEdge };
/** What a screen reader says of a step; React Flow's own words are about moving and deleting. */
const spoken = (hint = "Press Enter to see what it did.") => ({
  "node.a11yDescription.default": hint,
  "node.a11yDescription.keyboardDisabled": hint,
  "edge.a11yDescription.default": "",
});
/** From here on the whole does not fit on the screen in a readable size. */
const MINIMAP_FROM = 12;
const FIT = { padding: 0.14, maxZoom: 1, minZoom: 0.3 };

export interface CanvasProps {
  graph: Graph;
  manifests: Manifests;
  marks?: Map<string, StepMark> | undefined;
  selected?: string | undefined;
  onSelect?: ((stepId: string) => void) | undefined;
  /** The one step that can be selected, and what a screen reader says of it; left out: every step, to see what a run did. */
  selectable?: { only: string; hint: string } | undefined;
  label: string;
}

export function Canvas(props: CanvasProps) {
  return (
    <section className={classes.canvas} aria-label={props.label}>
      <ReactFlowProvider>
        <ManifestsContext value={props.manifests}>
          <Drawing {...props} />
        </ManifestsContext>
      </ReactFlowProvider>
    </section>
  );
}

function Drawing({ graph, manifests, marks, selected, onSelect, selectable }: CanvasProps) {
  const scheme = useComputedColorScheme();
  const { fitView } = useReactFlow();
  const width = useStore((state) => state.width);
  const drawn = useMemo(() => toCanvas(graph, manifests, marks), [graph, manifests, marks]);
  const only = selectable?.only;
  const nodes = useMemo(
    () =>
      drawn.nodes.map((node) => {
        const isOut = only !== undefined && node.id !== only;
        const shown = isOut ? { ...node, selectable: false, focusable: false } : node;
        return node.id === selected ? { ...shown, selected: true } : shown;
      }),
    [drawn.nodes, selected, only],
  );
  const words = useMemo(() => spoken(selectable?.hint), [selectable?.hint]);
  const shape = Object.keys(graph.steps).join(" ");

  // biome-ignore lint/correctness/useExhaustiveDependencies: fits again when steps come or go and when a screen is turned, not on each change
  useEffect(() => {
    void fitView(FIT);
  }, [shape, width, fitView]);

  function onNodesChange(changes: NodeChange<CanvasNode>[]): void {
    for (const change of changes) if (change.type === "select" && change.selected) onSelect?.(change.id);
  }

  return (
    <ReactFlow
      nodes={nodes}
      edges={drawn.edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      onNodesChange={onNodesChange}
      colorMode={scheme}
      fitView
      fitViewOptions={FIT}
      minZoom={0.15}
      maxZoom={1.75}
      nodesDraggable={false}
      nodesConnectable={false}
      edgesFocusable={false}
      elementsSelectable={onSelect !== undefined}
      nodesFocusable={onSelect !== undefined}
      zoomOnScroll={false}
      preventScrolling={false}
      deleteKeyCode={null}
      ariaLabelConfig={words}
    >
      <Background variant={BackgroundVariant.Dots} gap={20} size={1.4} color="var(--canvas-dot)" />
      <Controls showInteractive={false} fitViewOptions={FIT} position="bottom-left" />
      {nodes.length >= MINIMAP_FROM && (
        <MiniMap
          pannable
          zoomable
          ariaLabel="Overview of the flow"
          nodeBorderRadius={12}
          className={classes.map}
        />
      )}
    </ReactFlow>
  );
}
