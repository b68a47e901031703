// The window for publishing, on the flow's page and in the editor: a note for the version, or what is in the way.

import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, type ReactNode, useState } from "react";
import type { Problem } from "../../shared/problem.ts";
import { type FlowView, usePublishFlow } from "../api/flows.ts";
import { type ApiProblem, toProblem } from "../api/problem.ts";
import { ProblemNote } from "../ui/ProblemNote.tsx";

/** Publishes the flow, and says so. `problems` are what the server found in the way when it refused. */
export function usePublishing(flowId: string) {
  const publish = usePublishFlow(flowId);
  const refused = publish.error ? toProblem(publish.error) : undefined;
  function go(note: string, revision: number, onDone: () => void): void {
    publish.mutate(
      { note: note.trim(), revision },
      {
        onSuccess(now) {
          onDone();
          notifications.show({
            color: "teal",
            title: `Version ${now.liveNumber ?? ""} is live.`,
            message: "From now on every event that arrives becomes a run.",
          });
        },
      },
    );
  }
  return { go, refused, isPending: publish.isPending, reset: publish.reset };
}

export function PublishForm(props: {
  flow: FlowView;
  opened: boolean;
  onClose: () => void;
  /** In the way; `list` shows them. */
  problems: readonly Problem[];
  list: ReactNode;
  /** Above everything, such as that the draft could not be saved. */
  notice?: ReactNode;
  refused: ApiProblem | undefined;
  isPending: boolean;
  onPublish: (note: string) => void;
  /** Asks again although there are problems, where the list is not made anew with every change. */
  canAskAgain?: boolean;
}) {
  const { flow, problems, refused, onClose } = props;
  const [note, setNote] = useState("");
  const isReady = problems.length === 0;

  function submit(event: FormEvent): void {
    event.preventDefault();
    props.onPublish(note);
  }

  return (
    <Modal
      opened={props.opened}
      onClose={onClose}
      size="lg"
      title={isReady ? `Publish “${flow.name}”` : "Not ready to be published"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          {props.notice}
          {refused && refused.problems.length === 0 && (
            <ProblemNote sentence={refused.message} hint={refused.hint} urgent />
          )}
          {isReady ? (
            <>
              <Text size="sm">
                The draft is frozen as version {(flow.liveNumber ?? 0) + 1} and goes live at once. Runs that
                are under way finish on the version they began with.
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
          ) : (
            props.list
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {isReady ? "Cancel" : "Close"}
            </Button>
            {(isReady || props.canAskAgain) && (
              <Button type="submit" variant={isReady ? "filled" : "default"} loading={props.isPending}>
                {isReady ? "Publish now" : "Check again"}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
