// What can be done with a flow besides editing it: in the list and on its page.

import { Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import {
  IconCopyPlus,
  IconDownload,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefreshAlert,
  IconTrash,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useLocation, useNavigate } from "react-router";
import type { FlowStatus } from "../../shared/flow.ts";
import {
  useDeleteFlow,
  useDuplicateFlow,
  usePauseFlow,
  useResumeFlow,
  useRotateCatchKey,
} from "../api/flows.ts";
import { askFirst } from "../ui/ask.tsx";

export function FlowMenu({
  flow,
  children,
}: {
  flow: { id: string; name: string; status: FlowStatus };
  /** The button that opens it. */
  children: ReactNode;
}) {
  const pause = usePauseFlow();
  const resume = useResumeFlow();
  const duplicate = useDuplicateFlow();
  const rotate = useRotateCatchKey(flow.id);
  const remove = useDeleteFlow();
  const navigate = useNavigate();
  const onPage = useLocation().pathname.startsWith(`/flows/${flow.id}`);

  return (
    <Menu>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        {flow.status === "live" && (
          <Menu.Item leftSection={<IconPlayerPause size={16} />} onClick={() => pause.mutate(flow.id)}>
            Pause
          </Menu.Item>
        )}
        {flow.status === "paused" && (
          <Menu.Item leftSection={<IconPlayerPlay size={16} />} onClick={() => resume.mutate(flow.id)}>
            Resume
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconCopyPlus size={16} />}
          onClick={() =>
            duplicate.mutate(flow.id, {
              onSuccess(copy) {
                notifications.show({
                  title: `“${copy.name}” was made.`,
                  message: "It is a draft with a catch URL of its own.",
                });
                void navigate(`/flows/${copy.id}`);
              },
            })
          }
        >
          Duplicate
        </Menu.Item>
        <Menu.Item leftSection={<IconDownload size={16} />} onClick={() => void saveAsFile(flow.id)}>
          Export as a file
        </Menu.Item>
        {onPage && (
          <Menu.Item
            leftSection={<IconRefreshAlert size={16} />}
            onClick={() =>
              askFirst({
                title: "Give this flow a new catch URL?",
                text: "The URL it has now stops working at once. Whoever sends to it must be told the new one.",
                yes: "New catch URL",
                go: () => rotate.mutate(),
              })
            }
          >
            New catch URL
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={16} />}
          onClick={() =>
            askFirst({
              title: `Delete “${flow.name}”?`,
              text: "Its versions, its samples and its run history go with it, and its catch URL stops working. This cannot be undone.",
              yes: "Delete the flow",
              go: () =>
                remove.mutate(flow.id, {
                  onSuccess() {
                    if (onPage) void navigate("/");
                  },
                }),
            })
          }
        >
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

async function saveAsFile(flowId: string): Promise<void> {
  const { exportFlow } = await import("./export-flow.ts");
  await exportFlow(flowId);
}
