// The menu under the right mouse button: what can be done with what is chosen, or with the ground.

import { Menu } from "@mantine/core";
import { canDo, labelOf } from "./actions/action.ts";
import { actions } from "./actions/list.ts";
import { useView } from "./editor-view.ts";
import { KeyCaps } from "./KeyCaps.tsx";
import { useTools } from "./tools.ts";

const ON_GROUND = new Set(["add-step", "add-note", "paste", "select-all", "arrange", "fit"]);

export function ContextMenu() {
  const at = useView((state) => state.menu);
  const tools = useTools();
  const { view } = tools;
  if (!at) return null;
  const { chosen, chosenEdges } = view.getState();
  const isGround = chosen.length + chosenEdges.length === 0;
  const several = chosen.length > 1;
  const shown = actions.filter((action) => {
    if (!canDo(action, tools)) return false;
    if (isGround) return ON_GROUND.has(action.id);
    if (several && action.id === "add-step") return false;
    return action.onMenu || (several && action.group === "Arrange" && action.id !== "arrange");
  });
  return (
    <Menu opened onClose={() => view.getState().set({ menu: null })} position="bottom-start" width={280}>
      <Menu.Target>
        <span style={{ position: "fixed", left: at.x, top: at.y }} />
      </Menu.Target>
      <Menu.Dropdown>
        {shown.map((action) => (
          <Menu.Item
            key={action.id}
            color={action.id === "delete" ? "red" : undefined}
            leftSection={<action.icon size={16} />}
            rightSection={action.keys[0] && <KeyCaps keys={action.keys[0]} />}
            onClick={() => action.perform(tools)}
          >
            {labelOf(action, tools)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
