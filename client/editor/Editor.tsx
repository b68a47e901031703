// The editor's frame: palette, canvas, the panel of the chosen step, the bar above, and the dialogs.

import { ActionIcon, Tooltip } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { ReactFlowProvider, useReactFlow } from "@xyflow/react";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { stepOf, TRIGGER_ID } from "../../shared/graph.ts";
import type { Manifests } from "../../shared/manifest.ts";
import type { FlowView } from "../api/flows.ts";
import { spotOf } from "./actions/add.ts";
import { named } from "./actions/undo.ts";
import { palette as paletteAction } from "./actions/view.ts";
import type { Autosave } from "./autosave.ts";
import { Commands } from "./Commands.tsx";
import { ConflictDialog } from "./ConflictDialog.tsx";
import { ConnectDialog } from "./ConnectDialog.tsx";
import { ContextMenu } from "./ContextMenu.tsx";
import type { CanvasEdge, CanvasNode } from "./canvas.ts";
import classes from "./Editor.module.css";
import { EditorContext, useEditor } from "./editor-context.ts";
import { createEditorStore, type EditorStore } from "./editor-store.ts";
import { createEditorView, onlyStep, useView, ViewContext } from "./editor-view.ts";
import { LiveCanvas } from "./LiveCanvas.tsx";
import { PickerAt } from "./PickerAt.tsx";
import { ProblemsDialog } from "./ProblemsDialog.tsx";
import { PublishDialog } from "./PublishDialog.tsx";
import { settlePlaces } from "./places.ts";
import { ProblemsContext, useFoundProblems } from "./problems.ts";
import { SelectionBar } from "./SelectionBar.tsx";
import { ShortcutsSheet } from "./ShortcutsSheet.tsx";
import { ManifestsContext } from "./StepNode.tsx";
import { StepPanel } from "./StepPanel.tsx";
import { StepPicker } from "./StepPicker.tsx";
import { TopBar } from "./TopBar.tsx";
import { TriggerPanel } from "./TriggerPanel.tsx";
import { addPicked, showNode, type Tools, ToolsContext, useTools } from "./tools.ts";
import { useAddress } from "./use-address.ts";
import { useAutosave } from "./use-autosave.ts";
import { useKeys } from "./use-keys.ts";

export interface EditorProps {
  flow: FlowView;
  manifests: Manifests;
}

/** A palette beside the panel leaves too little of the canvas on a narrow screen. */
const WIDE = 1_180;

export function Editor({ flow, manifests }: EditorProps) {
  const [params] = useSearchParams();
  const [store] = useState(() =>
    createEditorStore({ graph: settlePlaces(flow.draft), revision: flow.revision }),
  );
  const [view] = useState(() => {
    const step = params.get("step");
    return createEditorView({ chosen: step ? [step] : [] });
  });
  const autosave = useAutosave(flow, store);
  const place = useMemo(() => ({ flow, store, manifests }), [flow, store, manifests]);
  return (
    <EditorContext value={place}>
      <ViewContext value={view}>
        <ManifestsContext value={manifests}>
          <ReactFlowProvider>
            <Equipped store={store} view={view} manifests={manifests} autosave={autosave}>
              <Frame />
            </Equipped>
          </ReactFlowProvider>
        </ManifestsContext>
      </ViewContext>
    </EditorContext>
  );
}

/** Gives everything inside the same tools for as long as the editor is open. */
function Equipped(
  props: Pick<Tools, "store" | "view" | "manifests"> & { autosave: Autosave; children: ReactNode },
) {
  const { store, view, manifests, autosave, children } = props;
  const canvas = useReactFlow<CanvasNode, CanvasEdge>();
  const latest = useRef({ canvas, autosave });
  useEffect(() => {
    latest.current = { canvas, autosave };
  });
  const tools = useMemo<Tools>(
    () => ({
      store,
      view,
      manifests,
      canvas,
      autosave: {
        flush: () => latest.current.autosave.flush(),
        leave: () => latest.current.autosave.leave(),
        stop: () => latest.current.autosave.stop(),
      },
      ground: () => document.querySelector<HTMLElement>("[data-ground]"),
    }),
    [store, view, manifests, canvas],
  );
  return <ToolsContext value={tools}>{children}</ToolsContext>;
}

function Frame() {
  const tools = useTools();
  const problems = useFoundProblems();
  const wanted = useView((state) => state.palette);
  // A narrow screen has room for one of the two.
  const isWide = useMediaQuery(`(min-width: ${WIDE}px)`, true, { getInitialValueInEffect: false });
  const hasPanel = useView((state) => onlyStep(state) !== null);
  const palette = wanted && (isWide || !hasPanel);
  useAddress();
  useKeys(tools);
  useForgottenChoice(tools.store);
  return (
    <ProblemsContext value={problems}>
      <main className={classes.editor} data-narrow={!isWide || undefined} data-palette={palette || undefined}>
        <TopBar />
        <div className={classes.body}>
          {palette && <Palette />}
          <div className={classes.stage}>
            <LiveCanvas />
            <SelectionBar />
            {!wanted && <PaletteButton />}
            <Panel />
          </div>
        </div>
      </main>
      <Said />
      <PickerAt />
      <ContextMenu />
      <Commands />
      <ShortcutsSheet />
      <ConnectDialog />
      <ProblemsDialog />
      <PublishDialog />
      <ConflictDialog />
    </ProblemsContext>
  );
}

function Palette() {
  const tools = useTools();
  return (
    <aside className={classes.palette} aria-label="Steps">
      <StepPicker
        manifests={tools.manifests}
        triggers
        onCarry={(uses) => tools.view.getState().set({ carrying: uses, under: null, refusal: null })}
        onPick={(uses) => addPicked(tools, uses, tools.manifests.triggers.has(uses) ? {} : spotOf(tools))}
      />
    </aside>
  );
}

function PaletteButton() {
  const tools = useTools();
  return (
    <Tooltip label="Show the list of steps" position="right">
      <ActionIcon
        variant="default"
        size={36}
        className={classes.open}
        aria-label="Show the list of steps"
        onClick={() => paletteAction.perform(tools)}
      >
        <paletteAction.icon size={18} />
      </ActionIcon>
    </Tooltip>
  );
}

function Panel() {
  const id = useView(onlyStep);
  const exists = useEditor((state) => id !== null && stepOf(state.graph, id) !== undefined);
  const tools = useTools();
  // A click on what the panel then covers: it moves out from under, but not away from a second click.
  useEffect(() => {
    if (id === null || !exists) return;
    const timer = setTimeout(() => {
      if (tools.view.getState().renaming === null) showNode(tools, id);
    }, 320);
    return () => clearTimeout(timer);
  }, [id, exists, tools]);
  if (id === null || !exists) return null;
  return (
    <aside className={classes.panel} aria-label="Settings of the step" data-step-panel key={id}>
      {id === TRIGGER_ID ? <TriggerPanel /> : <StepPanel stepId={id} />}
    </aside>
  );
}

/** What is gone (undone, or deleted elsewhere) is not chosen any more. */
function useForgottenChoice(store: EditorStore): void {
  const { view } = useTools();
  useEffect(
    () =>
      store.subscribe(({ graph }) => {
        const { chosen, chosenEdges, choose } = view.getState();
        const nodes = chosen.filter(
          (id) => stepOf(graph, id) || Object.hasOwn(graph.notes ?? {}, id.slice(5)),
        );
        const edges = chosenEdges.filter((id) => Object.hasOwn(graph.edges, id));
        if (nodes.length < chosen.length || edges.length < chosenEdges.length) choose(nodes, edges);
      }),
    [store, view],
  );
}

/** What undo and redo did, for those who do not see it. */
function Said() {
  const undone = useEditor((state) => state.future[0]?.label);
  return (
    <div className="unseen" role="status" aria-live="polite">
      {undone === undefined ? "" : named("Undone:", undone)}
    </div>
  );
}
