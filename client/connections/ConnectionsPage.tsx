// The credentials that steps use: kept sealed, tested here, never shown again.

import { Button, Menu } from "@mantine/core";
import { IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { ConnectorManifest, Manifests } from "../../shared/manifest.ts";
import { type ConnectionView, useConnections } from "../api/connections.ts";
import { useManifests } from "../api/connectors.ts";
import { Card } from "../ui/Card.tsx";
import { ConnectorIcon } from "../ui/ConnectorIcon.tsx";
import { Empty } from "../ui/Empty.tsx";
import { LoadFailed } from "../ui/LoadFailed.tsx";
import { Page } from "../ui/Page.tsx";
import { RowsSkeleton } from "../ui/Skeletons.tsx";
import { ConnectionDialog } from "./ConnectionDialog.tsx";
import { ConnectionItem } from "./ConnectionItem.tsx";
import classes from "./ConnectionsPage.module.css";

/** What the dialog is open for. */
export type Editing = { connector: ConnectorManifest; connection: ConnectionView | undefined };

export function ConnectionsPage() {
  const connections = useConnections();
  const manifests = useManifests();
  const [editing, setEditing] = useState<Editing>();
  const error = connections.error ?? manifests.error;
  const create = (connector: ConnectorManifest) => setEditing({ connector, connection: undefined });
  const none = connections.data?.length === 0;

  return (
    <Page
      title="Connections"
      sub="Credentials for the services your steps talk to"
      actions={!none && manifests.data && <NewConnection manifests={manifests.data} onChoose={create} />}
    >
      <Card flush>
        {error && (!connections.data || !manifests.data) ? (
          <LoadFailed
            error={error}
            again={() => {
              void connections.refetch();
              void manifests.refetch();
            }}
          />
        ) : !connections.data || !manifests.data ? (
          <RowsSkeleton rows={3} />
        ) : none ? (
          <Empty
            icon={<IconPlugConnected size={24} />}
            title="No connections yet"
            text="A connection holds the key or password of a service, so that steps can act there for you. It is encrypted on your server and cannot be read again, only replaced."
          >
            <NewConnection manifests={manifests.data} onChoose={create} />
          </Empty>
        ) : (
          <ul className={classes.list} aria-label="Connections">
            {connections.data.map((connection) => (
              <ConnectionItem
                key={connection.id}
                connection={connection}
                manifests={manifests.data}
                onEdit={setEditing}
              />
            ))}
          </ul>
        )}
      </Card>
      <ConnectionDialog
        key={editing ? (editing.connection?.id ?? editing.connector.id) : "closed"}
        editing={editing}
        manifests={manifests.data}
        onClose={() => setEditing(undefined)}
      />
    </Page>
  );
}

function NewConnection(props: { manifests: Manifests; onChoose: (connector: ConnectorManifest) => void }) {
  const { manifests, onChoose } = props;
  return (
    <Menu width={260}>
      <Menu.Target>
        <Button leftSection={<IconPlus size={16} aria-hidden="true" />}>New connection</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>For which service?</Menu.Label>
        {manifests.connectors
          .filter((connector) => connector.connection)
          .map((connector) => (
            <Menu.Item
              key={connector.id}
              leftSection={<ConnectorIcon uses={connector.id} manifests={manifests} size={24} />}
              onClick={() => onChoose(connector)}
            >
              {connector.name}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}
