// An event written or changed by hand, kept as a sample of its own.

import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useCreateSample } from "../../api/flows.ts";
import { toProblem } from "../../api/problem.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { useEditorPlace } from "../editor-context.ts";
import classes from "./Panel.module.css";

export function SampleDialog(props: {
  start: { name: string; data: unknown } | undefined;
  onClose: () => void;
  onMade: (id: string) => void;
}) {
  return (
    <Modal
      opened={props.start !== undefined}
      onClose={props.onClose}
      size="lg"
      title="An event of your own"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {props.start && <Inside start={props.start} onClose={props.onClose} onMade={props.onMade} />}
    </Modal>
  );
}

function Inside(props: {
  start: { name: string; data: unknown };
  onClose: () => void;
  onMade: (id: string) => void;
}) {
  const { flow } = useEditorPlace();
  const create = useCreateSample(flow.id);
  const [name, setName] = useState(props.start.name);
  const [text, setText] = useState(() => JSON.stringify(props.start.data, null, 2));
  const read = readJson(text);
  const refused = create.error ? toProblem(create.error) : undefined;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!read.ok || name.trim() === "") return;
    create.mutate(
      { name: name.trim(), data: read.value },
      {
        onSuccess(made) {
          props.onMade(made.id);
          props.onClose();
        },
      },
    );
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          This is what the steps see as the trigger’s data. The event it was made from stays as it is.
        </Text>
        {refused && <ProblemNote sentence={refused.message} hint={refused.hint} urgent />}
        <TextInput
          label="Name"
          value={name}
          maxLength={200}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
          error={name.trim() === "" && "Give it a name."}
        />
        <Textarea
          label="Data, as JSON"
          autosize
          minRows={10}
          maxRows={22}
          spellCheck={false}
          classNames={{ input: classes.json ?? "" }}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={read.ok ? undefined : "This is not valid JSON yet: look at commas, quotes and brackets."}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending} disabled={!read.ok || name.trim() === ""}>
            Keep and use it
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function readJson(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}
