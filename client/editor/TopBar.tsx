// The bar over the canvas: whose draft this is, whether it is saved, undo and redo, what is in the way, and publish.

import { ActionIcon, Anchor, Button, Menu, Tooltip } from "@mantine/core";
import { IconAlertTriangle, IconArrowLeft, IconCircleCheck, IconDots, IconRocket } from "@tabler/icons-react";
import { type ReactNode, useMemo } from "react";
import { Link } from "react-router";
import { FlowName } from "../flows/FlowName.tsx";
import { FlowBadge } from "../ui/StatusBadge.tsx";
import { type EditorAction, labelOf } from "./actions/action.ts";
import { addNote } from "./actions/add.ts";
import { arrangeAll } from "./actions/arrange.ts";
import { commands, problems as problemsAction, publish, shortcuts } from "./actions/flow.ts";
import { redo, undo } from "./actions/undo.ts";
import { fit, minimap, palette, snap } from "./actions/view.ts";
import { useEditor, useEditorPlace } from "./editor-context.ts";
import { useView } from "./editor-view.ts";
import { KeyCaps } from "./KeyCaps.tsx";
import { useProblems } from "./problems.ts";
import { SaveBadge } from "./SaveBadge.tsx";
import classes from "./TopBar.module.css";
import { useTools } from "./tools.ts";

const inMenu = [fit, minimap, snap, palette, commands, shortcuts];

/** `children` is a place for what else belongs to the flow as a whole. */
export function TopBar({ children }: { children?: ReactNode }) {
  const { flow } = useEditorPlace();
  const problems = useProblems().length;
  const tools = useTools();
  return (
    <header className={classes.bar}>
      <Anchor
        component={Link}
        to={`/flows/${flow.id}`}
        className={classes.back}
        aria-label="Back to the flow"
      >
        <IconArrowLeft size={18} aria-hidden="true" />
      </Anchor>
      <div className={classes.name}>
        <FlowName flow={flow} key={flow.name} />
      </div>
      <FlowBadge status={flow.status} />
      <SaveBadge />
      <div className={classes.rest}>
        <UndoRedo />
        <IconAction action={arrangeAll} />
        <IconAction action={addNote} />
        <More />
        {children}
        <Tooltip label={<Hint action={problemsAction} />}>
          <Button
            variant="subtle"
            color="gray"
            className={classes.problems}
            data-some={problems > 0 || undefined}
            leftSection={
              problems > 0 ? (
                <IconAlertTriangle size={16} aria-hidden="true" />
              ) : (
                <IconCircleCheck size={16} aria-hidden="true" />
              )
            }
            onClick={() => problemsAction.perform(tools)}
          >
            {problems === 0 ? "Ready" : problems === 1 ? "1 problem" : `${problems} problems`}
          </Button>
        </Tooltip>
        <Button
          leftSection={<IconRocket size={16} aria-hidden="true" />}
          onClick={() => publish.perform(tools)}
        >
          Publish
        </Button>
      </div>
    </header>
  );
}

function UndoRedo() {
  // The labels say what would be undone: they change with the graph.
  useEditor((state) => state.changes);
  return (
    <>
      <IconAction action={undo} />
      <IconAction action={redo} />
    </>
  );
}

function IconAction({ action }: { action: EditorAction }) {
  const tools = useTools();
  const able = action.when?.(tools) ?? true;
  return (
    <Tooltip label={<Hint action={action} />}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={34}
        aria-label={labelOf(action, tools)}
        // It stays in the Tab order, so that the focus is not lost when there is no more to undo.
        aria-disabled={!able}
        className={able ? undefined : classes.off}
        onClick={() => able && action.perform(tools)}
      >
        <action.icon size={18} stroke={1.8} />
      </ActionIcon>
    </Tooltip>
  );
}

function Hint({ action }: { action: EditorAction }) {
  const tools = useTools();
  return (
    <span className={classes.hint}>
      {labelOf(action, tools)}
      {action.keys[0] && <KeyCaps keys={action.keys[0]} />}
    </span>
  );
}

function More() {
  const tools = useTools();
  const state = useView((view) => `${view.minimap} ${view.snap} ${view.palette}`);
  // biome-ignore lint/correctness/useExhaustiveDependencies: labels say what is on and what is off
  const labels = useMemo(() => inMenu.map((action) => labelOf(action, tools)), [tools, state]);
  return (
    <Menu width={270}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={34} aria-label="More of the editor">
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {inMenu.map((action, index) => (
          <Menu.Item
            key={action.id}
            leftSection={<action.icon size={16} />}
            rightSection={action.keys[0] && <KeyCaps keys={action.keys[0]} />}
            onClick={() => action.perform(tools)}
          >
            {labels[index]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
