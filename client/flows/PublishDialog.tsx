// Publishing: the draft becomes the next version. When it is not ready, every reason is listed.

import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { type FlowView, usePublishFlow } from "../api/flows.ts";
import { toProblem } from "../api/problem.ts";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import { ProblemList } from "./ProblemList.tsx";

export function PublishDialog(props: { flow: FlowView; opened: boolean; onClose: () => void }) {
  const { flow, opened } = props;
  const [note, setNote] = useState("");
  const publish = usePublishFlow(flow.id);
  const refused = publish.error ? toProblem(publish.error) : undefined;
  const problems = refused?.problems.length ? refused.problems : flow.problems;

  function close(): void {
    setNote("");
    publish.reset();
    props.onClose();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    publish.mutate(
      { note: note.trim(), revision: flow.revision },
      {
        onSuccess(now) {
          close();
          notifications.show({
            color: "teal",
            title: `Version ${now.liveNumber ?? ""} is live.`,
            message: "From now on every event that arrives becomes a run.",
          });
        },
      },
    );
  }

  const next = (flow.liveNumber ?? 0) + 1;
  return (
    <Modal
      opened={opened}
      onClose={close}
      size="lg"
      title={problems.length > 0 ? "Not ready to be published" : `Publish “${flow.name}”`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          {refused && refused.problems.length === 0 && (
            <ProblemNote sentence={refused.message} hint={refused.hint} urgent />
          )}
          {problems.length > 0 ? (
            <>
              <Text size="sm">
                {problems.length === 1 ? "One thing is" : `${problems.length} things are`} in the way:
              </Text>
              <ProblemList graph={flow.draft} problems={problems} />
            </>
          ) : (
            <>
              <Text size="sm">
                The draft is frozen as a new version{flow.liveNumber ? ` (after version ${next - 1})` : ""}{" "}
                and goes live at once. Runs that are under way finish on the version they began with.
              </Text>
              <Textarea
                label="Note"
                description="What is new, for the list of versions. It may stay empty."
                maxLength={500}
                autosize
                minRows={2}
                data-autofocus
                value={note}
                onChange={(event) => setNote(event.currentTarget.value)}
              />
            </>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {problems.length > 0 ? "Close" : "Cancel"}
            </Button>
            <Button
              type="submit"
              variant={problems.length > 0 ? "default" : "filled"}
              loading={publish.isPending}
            >
              {problems.length > 0 ? "Check again" : "Publish now"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
