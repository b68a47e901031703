// The dialog that makes or changes a connection; its form is drawn from the connector's fields.

import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import type { Manifests } from "../../shared/manifest.ts";
import { type ConnectionView, useCreateConnection, useUpdateConnection } from "../api/connections.ts";
import { toProblem } from "../api/problem.ts";
import { Form } from "../form/Form.tsx";
import { initialValues, problemsOf, toSend, type Values } from "../form/form-values.ts";
import { ConnectorIcon } from "../ui/ConnectorIcon.tsx";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import type { Editing } from "./ConnectionsPage.tsx";

export function ConnectionDialog(props: {
  editing: Editing | undefined;
  manifests: Manifests | undefined;
  onClose: () => void;
  /** It was made or changed. */
  onKept?: (connection: ConnectionView) => void;
}) {
  const { editing, onClose } = props;
  return (
    <Modal
      opened={editing !== undefined}
      onClose={onClose}
      size="md"
      title={
        editing && (
          <Group gap="sm">
            <ConnectorIcon uses={editing.connector.id} manifests={props.manifests} size={28} />
            {editing.connection ? `Change “${editing.connection.name}”` : `Connect ${editing.connector.name}`}
          </Group>
        )
      }
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {editing && <Inside editing={editing} onClose={onClose} onKept={props.onKept} />}
    </Modal>
  );
}

function Inside(props: {
  editing: Editing;
  onClose: () => void;
  onKept: ((connection: ConnectionView) => void) | undefined;
}) {
  const { editing, onClose } = props;
  const { connector, connection } = editing;
  const fields = connector.connection?.fields ?? [];
  const kept = connection?.shown ?? {};
  const secrets = new Set(fields.filter((field) => field.control === "secret").map((field) => field.key));
  const keptSecrets = new Set(Object.keys(kept).filter((key) => secrets.has(key)));
  const [name, setName] = useState(connection?.name ?? connector.name);
  const [values, setValues] = useState<Values>(() => {
    const plain = Object.entries(kept).filter(([key]) => !secrets.has(key));
    return initialValues(fields, Object.fromEntries(plain));
  });
  const [tried, setTried] = useState(false);
  const create = useCreateConnection();
  const update = useUpdateConnection();
  const { error, isPending } = connection ? update : create;
  const refused = error ? toProblem(error) : undefined;
  const problems = tried ? problemsOf(fields, values, keptSecrets) : {};
  if (refused?.field && fields.some((field) => field.key === refused.field)) {
    problems[refused.field] ??= refused.message;
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    // Opened from another form, it is still inside of it for React.
    event.stopPropagation();
    setTried(true);
    if (name.trim() === "" || Object.keys(problemsOf(fields, values, keptSecrets)).length > 0) return;
    const sent = { name: name.trim(), fields: toSend(fields, values) };
    const onSuccess = (kept: ConnectionView) => {
      props.onKept?.(kept);
      notifications.show({
        color: "teal",
        title: `“${sent.name}” is kept.`,
        message: "Test it to be sure that it works.",
      });
      onClose();
    };
    if (connection) update.mutate({ id: connection.id, ...sent }, { onSuccess });
    else create.mutate({ connectorId: connector.id, ...sent }, { onSuccess });
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {connector.connection?.help && (
          <Text size="sm" c="dimmed">
            {connector.connection.help}
          </Text>
        )}
        {refused && <ProblemNote sentence={refused.message} hint={refused.hint} urgent />}
        <TextInput
          label="Name"
          description="To tell it from others, such as “Slack of the shop team”."
          maxLength={200}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={tried && name.trim() === "" && "Give it a name."}
        />
        <Form fields={fields} values={values} onChange={setValues} problems={problems} kept={kept} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isPending}>
            {connection ? "Save" : "Connect"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
