// What can be done with several things at once, over the canvas while several are chosen.

import { ActionIcon, Tooltip } from "@mantine/core";
import { type EditorAction, labelOf } from "./actions/action.ts";
import { alignActions, spreadActions } from "./actions/arrange.ts";
import { copy, duplicate } from "./actions/copy.ts";
import { remove } from "./actions/delete.ts";
import { disable } from "./actions/disable.ts";
import classes from "./Editor.module.css";
import { useEditor } from "./editor-context.ts";
import { useView } from "./editor-view.ts";
import { useTools } from "./tools.ts";

const groups: EditorAction[][] = [alignActions, spreadActions, [disable, copy, duplicate, remove]];

export function SelectionBar() {
  const count = useView((state) => state.chosen.length);
  useEditor((state) => state.graph);
  const tools = useTools();
  if (count < 2) return null;
  return (
    <div role="toolbar" aria-label={`${count} selected`} className={classes.selection}>
      <span className={classes.count}>{count} selected</span>
      {groups.map((group) => (
        <span key={group[0]?.id} className={classes.group}>
          {group.map((action) => (
            <Tooltip key={action.id} label={labelOf(action, tools)}>
              <ActionIcon
                variant="subtle"
                color={action === remove ? "red" : "gray"}
                size={30}
                aria-label={labelOf(action, tools)}
                disabled={!(action.when?.(tools) ?? true)}
                onClick={() => action.perform(tools)}
              >
                <action.icon size={17} stroke={1.8} />
              </ActionIcon>
            </Tooltip>
          ))}
        </span>
      ))}
    </div>
  );
}
