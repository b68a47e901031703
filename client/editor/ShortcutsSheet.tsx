// Every key there is, by what it is for.

import { Modal } from "@mantine/core";
import { GROUPS, labelOf } from "./actions/action.ts";
import { actions } from "./actions/list.ts";
import { useView } from "./editor-view.ts";
import { KeyCaps } from "./KeyCaps.tsx";
import classes from "./ShortcutsSheet.module.css";
import { useTools } from "./tools.ts";

/** What the mouse and the canvas do by themselves. */
const gestures = [
  { what: "Move what is selected", keys: "Arrow keys" },
  { what: "Next step", keys: "Tab" },
  { what: "Pan", keys: "Space and drag, or scroll" },
  { what: "Zoom", keys: "Ctrl and scroll" },
  { what: "Select several", keys: "Drag a box, or Shift and click" },
  { what: "Rename", keys: "Double click" },
  { what: "Add a step here", keys: "Double click on the ground" },
];

export function ShortcutsSheet() {
  const opened = useView((state) => state.dialog === "shortcuts");
  const tools = useTools();
  return (
    <Modal
      opened={opened}
      onClose={() => tools.view.getState().set({ dialog: null })}
      title="Keyboard shortcuts"
      size={880}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <div className={classes.groups}>
        {GROUPS.map((group) => (
          <section key={group} className={classes.group} aria-label={group}>
            <h3 className={classes.name}>{group}</h3>
            <dl className={classes.list}>
              {actions
                .filter((action) => action.group === group)
                .map((action) => (
                  <div key={action.id} className={classes.row}>
                    <dt>{labelOf(action, tools).replace(/…$/, "")}</dt>
                    <dd>{action.keys[0] && <KeyCaps keys={action.keys[0]} />}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
        <section className={classes.group} aria-label="On the canvas">
          <h3 className={classes.name}>On the canvas</h3>
          <dl className={classes.list}>
            {gestures.map(({ what, keys }) => (
              <div key={what} className={classes.row}>
                <dt>{what}</dt>
                <dd>{keys}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Modal>
  );
}
