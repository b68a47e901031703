// One connection in the list: what it shows of itself, who uses it, and a button that tries it.

import { ActionIcon, Anchor, Button, Menu } from "@mantine/core";
import { IconDots, IconPencil, IconPlugConnectedX, IconTrash } from "@tabler/icons-react";
import { Fragment } from "react";
import { Link } from "react-router";
import type { ConnectorManifest, Manifests } from "../../shared/manifest.ts";
import { type ConnectionView, useDeleteConnection, useTestConnection } from "../api/connections.ts";
import { askFirst } from "../ui/ask.tsx";
import { ConnectorIcon } from "../ui/ConnectorIcon.tsx";
import { Badge } from "../ui/StatusBadge.tsx";
import classes from "./ConnectionsPage.module.css";
import type { Editing } from "./ConnectionsPage.tsx";

export function ConnectionItem(props: {
  connection: ConnectionView;
  manifests: Manifests;
  onEdit: (editing: Editing) => void;
}) {
  const { connection, manifests } = props;
  const test = useTestConnection();
  const remove = useDeleteConnection();
  const connector = manifests.connectors.find((one) => one.id === connection.connectorId);
  const shown = shownOf(connection, connector);
  return (
    <li className={classes.item}>
      <ConnectorIcon uses={connection.connectorId} manifests={manifests} size={36} />
      <div className={classes.main}>
        <p className={classes.name}>{connection.name}</p>
        <p className={`${classes.detail} clip`} title={shown.join(" · ")}>
          {[connector?.name ?? connection.connectorId, ...shown].join(" · ")}
        </p>
        <p className={classes.detail}>
          {connection.usedBy.length === 0 ? (
            "Not used by any flow"
          ) : (
            <>
              Used by{" "}
              {connection.usedBy.map((flow, index) => (
                <Fragment key={flow.flowId}>
                  {index > 0 && ", "}
                  <Anchor component={Link} to={`/flows/${flow.flowId}`} fz="inherit" underline="always">
                    {flow.name}
                  </Anchor>
                </Fragment>
              ))}
            </>
          )}
        </p>
        {test.data && (
          <div className={classes.result} role="status">
            <Badge label={test.data.ok ? "Works" : "Does not work"} tone={test.data.ok ? "green" : "red"} />
            <span>
              {test.data.problem?.sentence ?? test.data.message} {test.data.problem?.hint}
            </span>
          </div>
        )}
      </div>
      <Button variant="default" size="xs" loading={test.isPending} onClick={() => test.mutate(connection.id)}>
        Test
      </Button>
      <Menu>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Actions for ${connection.name}`}>
            <IconDots size={18} color="var(--mantine-color-dimmed)" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {connector && (
            <Menu.Item
              leftSection={<IconPencil size={16} />}
              onClick={() => props.onEdit({ connector, connection })}
            >
              Change
            </Menu.Item>
          )}
          <Menu.Item
            color="red"
            leftSection={
              connection.usedBy.length > 0 ? <IconPlugConnectedX size={16} /> : <IconTrash size={16} />
            }
            onClick={() =>
              askFirst({
                title: `Delete “${connection.name}”?`,
                text:
                  connection.usedBy.length > 0
                    ? "Flows use it: their steps fail until they get another one. A connection that a live flow uses cannot be deleted."
                    : "No flow uses it. Its credentials are erased from this server.",
                yes: "Delete the connection",
                go: () => remove.mutate(connection.id),
              })
            }
          >
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}

/** "Server: smtp.example.com", by the words of the form. */
function shownOf(connection: ConnectionView, connector: ConnectorManifest | undefined): string[] {
  return Object.entries(connection.shown).map(([key, value]) => {
    const field = connector?.connection?.fields.find((one) => one.key === key);
    const words = field?.options?.find((option) => option.value === value)?.label ?? value;
    return `${field?.label ?? key}: ${words}`;
  });
}
