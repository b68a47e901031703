// The dialog that makes a token and shows it, this once.

import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { toProblem } from "../api/problem.ts";
import { useCreateToken } from "../api/tokens.ts";
import { CodeBlock } from "../ui/CodeBlock.tsx";
import { ProblemNote } from "../ui/ProblemNote.tsx";

export function CreateToken({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [name, setName] = useState("");
  const [tried, setTried] = useState(false);
  const create = useCreateToken();

  function close(): void {
    setName("");
    setTried(false);
    create.reset();
    onClose();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (name.trim() !== "") create.mutate(name.trim());
  }

  return (
    <Modal
      opened={opened}
      onClose={close}
      title={create.data ? "Copy the token now" : "New API token"}
      closeOnClickOutside={!create.data}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {create.data ? (
        <Stack gap="md">
          <Text size="sm">
            This is the only time it is shown. Keep it like a password; if it gets lost, revoke it and make
            another.
          </Text>
          <CodeBlock text={create.data.token} what="token" wrap />
          <Group justify="flex-end">
            <Button onClick={close}>I have copied it</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack gap="md">
            {create.error && (
              <ProblemNote sentence={create.error.message} hint={toProblem(create.error).hint} urgent />
            )}
            <TextInput
              label="Name"
              description="What it is for, so that you know later which one to revoke."
              placeholder="Deploy script"
              data-autofocus
              maxLength={200}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={tried && name.trim() === "" && "Give it a name."}
            />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={create.isPending}>
                Make token
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
