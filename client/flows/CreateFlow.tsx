// The dialog for a new flow: it only needs a name; a catch URL comes with it.

import { Anchor, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Link, useNavigate } from "react-router";
import { useCreateFlow } from "../api/flows.ts";
import { toProblem } from "../api/problem.ts";
import { ProblemNote } from "../ui/ProblemNote.tsx";

export function CreateFlow({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [name, setName] = useState("");
  const [tried, setTried] = useState(false);
  const create = useCreateFlow();
  const navigate = useNavigate();

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (name.trim() === "") return;
    create.mutate(
      { name: name.trim() },
      {
        onSuccess(flow) {
          close();
          void navigate(`/flows/${flow.id}/edit?step=trigger`);
        },
      },
    );
  }

  function close(): void {
    setName("");
    setTried(false);
    create.reset();
    onClose();
  }

  return (
    <Modal opened={opened} onClose={close} title="New flow" closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {create.error && (
            <ProblemNote sentence={create.error.message} hint={toProblem(create.error).hint} urgent />
          )}
          <TextInput
            label="Name"
            description="What it does, in a few words. It can be changed at any time."
            placeholder="Order paid → tell the warehouse"
            data-autofocus
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={tried && name.trim() === "" && "Give the flow a name."}
          />
          <Text size="sm" c="dimmed">
            Or begin with one that is nearly done:{" "}
            <Anchor component={Link} to="/templates" onClick={close} inherit underline="always">
              see the templates
            </Anchor>
            .
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Create flow
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
