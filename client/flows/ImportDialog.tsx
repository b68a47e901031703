// The dialog of an import: what the file holds, which connections its steps shall use, and then the flow is made.

import { Button, FileButton, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { useNavigate } from "react-router";
import { connectionsOf, type FileConnection, type FlowFile, graphOf } from "../../shared/flow-file.ts";
import { stepsOf } from "../../shared/graph.ts";
import type { Manifests } from "../../shared/manifest.ts";
import { type ConnectionView, useConnections } from "../api/connections.ts";
import { noManifests, useManifests } from "../api/connectors.ts";
import { useCreateFlow } from "../api/flows.ts";
import { toProblem } from "../api/problem.ts";
import { ConnectorIcon } from "../ui/ConnectorIcon.tsx";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import classes from "./FlowImport.module.css";
import type { FlowImport } from "./flow-import.tsx";
import { flowPath } from "./flow-path.ts";

const ACCEPTED = "application/json,.json";

export default function ImportDialog({ taking }: { taking: FlowImport }) {
  const { found, read, close } = taking;
  return (
    <Modal
      opened={found !== undefined}
      onClose={close}
      size="lg"
      title={found?.ok === false ? "This file cannot be imported" : "Import a flow"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {found?.ok === true && <Inside file={found.file} onClose={close} />}
      {found?.ok === false && (
        <Stack gap="md">
          <ProblemNote sentence={found.problem.sentence} hint={found.problem.hint} urgent />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Close
            </Button>
            <FileButton accept={ACCEPTED} onChange={read}>
              {(props) => <Button {...props}>Choose another file</Button>}
            </FileButton>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

function Inside({ file, onClose }: { file: FlowFile; onClose: () => void }) {
  const connections = useConnections();
  const manifests = useManifests().data ?? noManifests;
  const needed = connectionsOf(file);
  const [name, setName] = useState(file.name);
  const [picked, setPicked] = useState<Record<string, string>>({});
  const create = useCreateFlow();
  const navigate = useNavigate();

  /** What the person chose; where there is only one to choose, that one. Empty: later. */
  function choice({ placeholder, connector }: FileConnection): string {
    const all = ofConnector(connections.data, connector);
    return picked[placeholder] ?? (all.length === 1 ? (all[0]?.id ?? "") : "");
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (name.trim() === "") return;
    const chosen = new Map(
      needed.map((place) => [place.placeholder, choice(place)] as const).filter(([, id]) => id !== ""),
    );
    create.mutate(
      {
        name: name.trim(),
        graph: graphOf(file, chosen),
        ...(file.catching ? { catching: file.catching } : {}),
      },
      {
        onSuccess(flow) {
          onClose();
          notifications.show({
            color: "teal",
            title: `“${flow.name}” was imported.`,
            message: "It is a draft with a catch URL of its own.",
          });
          void navigate(flowPath(flow.id));
        },
      },
    );
  }

  const steps = stepsOf(file.graph);
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {create.error && (
          <ProblemNote sentence={create.error.message} hint={toProblem(create.error).hint} urgent />
        )}
        <TextInput
          label="Name"
          maxLength={200}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={name.trim() === "" && "Give the flow a name."}
        />
        <div className={classes.chain}>
          {[...new Set(steps.map(({ uses }) => uses))].slice(0, 8).map((uses) => (
            <ConnectorIcon key={uses} uses={uses} manifests={manifests} size={24} />
          ))}
          <span className={classes.about}>{steps.length === 1 ? "1 step" : `${steps.length} steps`}</span>
        </div>
        {file.notes && <p className={classes.notes}>{file.notes}</p>}
        {needed.map((place) => (
          <ConnectionChoice
            key={place.placeholder}
            place={place}
            manifests={manifests}
            connections={ofConnector(connections.data, place.connector)}
            value={choice(place)}
            onChange={(id) => setPicked({ ...picked, [place.placeholder]: id })}
          />
        ))}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Import
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function ConnectionChoice(props: {
  place: FileConnection;
  manifests: Manifests;
  connections: ConnectionView[];
  value: string;
  onChange: (id: string) => void;
}) {
  const { place, manifests, connections } = props;
  const connector = manifests.connectors.find(({ id }) => id === place.connector);
  return (
    <Select
      label={`Connection for ${connector?.name ?? place.connector}`}
      description={`Used by ${place.steps.map((step) => `“${step}”`).join(", ")}`}
      value={props.value}
      onChange={(id) => props.onChange(id ?? "")}
      data={[
        { value: "", label: connections.length === 0 ? "None yet: make one in the flow" : "Choose later" },
        ...connections.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      allowDeselect={false}
    />
  );
}

function ofConnector(connections: ConnectionView[] | undefined, connector: string): ConnectionView[] {
  return connections?.filter(({ connectorId }) => connectorId === connector) ?? [];
}
