// Which connection a step uses: chosen, made and tested without leaving the step.

import { Button, Group, Select } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { changeStep, type Step } from "../../../shared/graph.ts";
import { type ActionManifest, connectorOf } from "../../../shared/manifest.ts";
import { useConnections, useTestConnection } from "../../api/connections.ts";
import { ConnectionDialog } from "../../connections/ConnectionDialog.tsx";
import type { Editing } from "../../connections/ConnectionsPage.tsx";
import { FormContext } from "../../form/form-place.ts";
import { Badge } from "../../ui/StatusBadge.tsx";
import { useEditor, useEditorPlace } from "../editor-context.ts";
import classes from "./Panel.module.css";
import { dropSetting } from "./step-changes.ts";

export function ConnectionPicker({ step, action }: { step: Step; action: ActionManifest }) {
  const { manifests } = useEditorPlace();
  const edit = useEditor((state) => state.edit);
  const connections = useConnections();
  const test = useTestConnection();
  const [editing, setEditing] = useState<Editing>();
  const connectorId = connectorOf(step.uses);
  const connector = manifests.connectors.find(({ id }) => id === connectorId);
  if (!connector?.connection || action.connection === "none") return null;
  const fitting = (connections.data ?? []).filter((one) => one.connectorId === connectorId);
  const chosen = fitting.find(({ id }) => id === step.connectionId);
  const isLost = step.connectionId !== undefined && connections.data !== undefined && !chosen;

  function choose(connectionId: string | null): void {
    test.reset();
    edit(`Connection of “${step.name}”`, (graph) =>
      connectionId === null
        ? dropSetting(graph, step.id, "connectionId")
        : changeStep(graph, step.id, { connectionId }),
    );
  }

  const optional = action.connection === "optional";
  const create = () => setEditing({ connector, connection: undefined });
  return (
    <div>
      {fitting.length === 0 && !isLost && connections.data ? (
        <div className={classes.section}>
          <p className={classes.title}>
            Connection{optional ? " (may be left out)" : ""}
            {!optional && <span style={{ color: "var(--mantine-color-error)" }}> *</span>}
          </p>
          <p className={classes.text}>
            {optional
              ? "Keys and passwords are kept in a connection, where nobody can read them."
              : "This step signs in with a connection. You make it once, and every step can use it."}
          </p>
          <Button
            variant={optional ? "default" : "filled"}
            size="xs"
            w="fit-content"
            leftSection={<IconPlus size={14} />}
            onClick={create}
          >
            New connection
          </Button>
        </div>
      ) : (
        <>
          <Select
            label="Connection"
            description={optional ? "For services that want a key or a password." : undefined}
            required={!optional}
            placeholder={optional ? "None" : "Choose a connection"}
            data={fitting.map(({ id, name }) => ({ value: id, label: name }))}
            value={chosen?.id ?? null}
            onChange={choose}
            clearable={optional}
            allowDeselect={optional}
            checkIconPosition="right"
            error={isLost && "This connection does not exist any more. Choose another one."}
          />
          <Group gap={6} mt={6}>
            <Button
              variant="default"
              size="compact-xs"
              disabled={!chosen}
              loading={test.isPending}
              onClick={() => chosen && test.mutate(chosen.id)}
            >
              Test connection
            </Button>
            <Button variant="default" size="compact-xs" leftSection={<IconPlus size={12} />} onClick={create}>
              New connection
            </Button>
            {chosen && (
              <Button
                variant="default"
                size="compact-xs"
                onClick={() => setEditing({ connector, connection: chosen })}
              >
                Change
              </Button>
            )}
          </Group>
          {test.data && chosen && (
            <div className={classes.result} role="status" style={{ marginTop: 6 }}>
              <Badge label={test.data.ok ? "Works" : "Does not work"} tone={test.data.ok ? "green" : "red"} />
              <span>
                {test.data.problem?.sentence ?? test.data.message} {test.data.problem?.hint}
              </span>
            </div>
          )}
        </>
      )}
      {/* Credentials are the same in every run: no data of steps goes into them. */}
      <FormContext value={null}>
        <ConnectionDialog
          key={editing ? (editing.connection?.id ?? "new") : "closed"}
          editing={editing}
          manifests={manifests}
          onClose={() => setEditing(undefined)}
          onKept={(kept) => choose(kept.id)}
        />
      </FormContext>
    </div>
  );
}
