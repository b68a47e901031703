// The canvas to draw on. What is dragged stays in here until it is dropped, and then becomes one edit.

import "@xyflow/react/dist/style.css";
import { useComputedColorScheme } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import {
  Background,
  BackgroundVariant,
  type Connection,
  Controls,
  type FinalConnectionState,
  MiniMap,
  PanOnScrollMode,
  ReactFlow,
  SelectionMode,
} from "@xyflow/react";
import { memo, type MouseEvent as ReactMouseEvent, useEffect, useRef } from "react";
import { removeEdge } from "../../shared/graph.ts";
import { draw } from "./add-step.ts";
import canvasClasses from "./Canvas.module.css";
import type { CanvasEdge, CanvasNode, StepMark } from "./canvas.ts";
import { DragLine } from "./DragLine.tsx";
import classes from "./EditCanvas.module.css";
import { EditEdge } from "./EditEdge.tsx";
import { EditStep } from "./EditStep.tsx";
import { useView } from "./editor-view.ts";
import { NoteNode } from "./NoteNode.tsx";
import { GRID } from "./places.ts";
import { fitInto, tell, useTools } from "./tools.ts";
import { useDrawing } from "./use-drawing.ts";
import { useDrop } from "./use-drop.ts";
import { type Ends, whyNotDraw } from "./why-not.ts";

const nodeTypes = { step: EditStep, note: NoteNode };
const edgeTypes = { step: EditEdge };
const GRID_PAIR: [number, number] = [GRID, GRID];
const MINIMAP_FROM = 8;
const spoken = {
  "node.a11yDescription.default":
    "Enter selects it, arrow keys move it, F2 renames it, A adds a step after it, C connects it.",
  "node.a11yDescription.keyboardDisabled": "",
  "edge.a11yDescription.default": "Enter selects it, Delete deletes it, A adds a step into it.",
  "controls.ariaLabel": "Zoom",
};

export const EditCanvas = memo(function EditCanvas({ marks }: { marks?: Map<string, StepMark> | undefined }) {
  const tools = useTools();
  const { store, view, canvas } = tools;
  const scheme = useComputedColorScheme();
  const touch = useMediaQuery("(pointer: coarse)");
  const { nodes, edges, onNodesChange, onEdgesChange } = useDrawing(marks);
  const drop = useDrop();
  const snap = useView((state) => state.snap);
  const minimap = useView((state) => state.minimap);
  const connecting = useView((state) => state.connecting);
  const reconnecting = useRef<string | undefined>(undefined);

  // The first look fits all of it; from then on people decide what they see.
  useEffect(() => {
    const frame = requestAnimationFrame(() => fitInto(tools, undefined, 0));
    return () => cancelAnimationFrame(frame);
  }, [tools]);

  function whyNot(ends: Ends) {
    return whyNotDraw(store.getState().graph, ends, reconnecting.current);
  }

  function connectEnds(ends: Ends): void {
    const name = store.getState().graph.steps[ends.to]?.name ?? ends.to;
    const old = reconnecting.current;
    store
      .getState()
      .edit(`connect to “${name}”`, (graph) =>
        draw(old === undefined ? graph : removeEdge(graph, old), ends),
      );
  }

  function onConnectEnd(event: MouseEvent | TouchEvent, end: FinalConnectionState): void {
    view.getState().set({ connecting: false, refusal: null });
    if (end.isValid || !end.fromNode || reconnecting.current !== undefined) return;
    const from = { step: end.fromNode.id, port: end.fromHandle?.id ?? "main" };
    if (end.toNode) {
      if (end.toNode.id === from.step) return;
      const ends = { from: from.step, port: from.port, to: end.toNode.id };
      const refused = whyNot(ends);
      if (refused) tell(refused.sentence, refused.hint);
      else connectEnds(ends);
      return;
    }
    const point = "changedTouches" in event ? event.changedTouches[0] : event;
    if (!point) return;
    const screen = { x: point.clientX, y: point.clientY };
    const { x, y } = canvas.screenToFlowPosition(screen);
    view.getState().set({ picker: { from, screen, at: { x: x - 124, y } } });
  }

  function openMenu(event: ReactMouseEvent | MouseEvent, nodes?: string[], edges: string[] = []): void {
    event.preventDefault();
    if (nodes && !nodes.every((id) => view.getState().chosen.includes(id)))
      view.getState().choose(nodes, edges);
    if (!nodes) view.getState().choose([], edges);
    view.getState().set({ menu: { x: event.clientX, y: event.clientY } });
  }

  return (
    <section
      className={`${canvasClasses.canvas} ${classes.ground}`}
      aria-label="Canvas"
      data-connecting={connecting || undefined}
      data-ground
      tabIndex={-1}
      onDoubleClick={(event) => {
        if (!(event.target instanceof Element) || !event.target.classList.contains("react-flow__pane"))
          return;
        const screen = { x: event.clientX, y: event.clientY };
        const { x, y } = canvas.screenToFlowPosition(screen);
        view.getState().set({ picker: { screen, at: { x: x - 124, y: y - 32 } } });
      }}
      {...drop}
    >
      <ReactFlow<CanvasNode, CanvasEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        colorMode={scheme}
        minZoom={0.1}
        maxZoom={2}
        snapToGrid={snap}
        snapGrid={GRID_PAIR}
        selectNodesOnDrag={false}
        selectionOnDrag={!touch}
        selectionMode={SelectionMode.Partial}
        selectionKeyCode={null}
        multiSelectionKeyCode={MULTI}
        panOnDrag={touch ? true : MIDDLE}
        panOnScroll={!touch}
        panOnScrollMode={PanOnScrollMode.Free}
        panActivationKeyCode="Space"
        zoomOnDoubleClick={false}
        deleteKeyCode={null}
        elevateNodesOnSelect={false}
        connectOnClick={false}
        connectionRadius={14}
        connectionDragThreshold={4}
        connectionLineComponent={DragLine}
        isValidConnection={(connection) => whyNot(endsOf(connection)) === null}
        onConnectStart={() => view.getState().set({ connecting: true, picker: null })}
        onConnect={(connection) => connectEnds(endsOf(connection))}
        onConnectEnd={onConnectEnd}
        edgesReconnectable
        onReconnectStart={(_, edge) => {
          reconnecting.current = edge.id;
          view.getState().set({ connecting: true });
        }}
        onReconnect={(_, connection) => connectEnds(endsOf(connection))}
        onReconnectEnd={() => {
          reconnecting.current = undefined;
          view.getState().set({ connecting: false, refusal: null });
        }}
        onNodeDoubleClick={(_, node) => view.getState().set({ renaming: node.id })}
        onNodeContextMenu={(event, node) => openMenu(event, [node.id])}
        onEdgeContextMenu={(event, edge) => openMenu(event, undefined, [edge.id])}
        onSelectionContextMenu={(event, all) =>
          openMenu(
            event,
            all.map((node) => node.id),
          )
        }
        onPaneContextMenu={(event) => openMenu(event)}
        onPaneClick={() => view.getState().choose([])}
        ariaLabelConfig={spoken}
      >
        <Background variant={BackgroundVariant.Dots} gap={GRID} size={1.4} color="var(--canvas-dot)" />
        <Controls showInteractive={false} onFitView={() => fitInto(tools)} position="bottom-left" />
        {minimap && nodes.length >= MINIMAP_FROM && (
          <MiniMap
            pannable
            zoomable
            position="bottom-left"
            ariaLabel="Overview of the flow"
            nodeBorderRadius={12}
            className={`${canvasClasses.map} ${classes.map}`}
          />
        )}
      </ReactFlow>
      <Refusal />
    </section>
  );
});

const MULTI = ["Meta", "Control", "Shift"];
const MIDDLE = [1];

function endsOf({ source, sourceHandle, target }: Connection | CanvasEdge): Ends {
  return { from: source, port: sourceHandle ?? "main", to: target };
}

/** Why what is being dragged cannot go there, as long as it is there. */
function Refusal() {
  const refusal = useView((state) => state.refusal);
  return (
    <div
      className={classes.refusal}
      role="status"
      aria-live="assertive"
      data-shown={refusal !== null || undefined}
    >
      {refusal}
    </div>
  );
}
