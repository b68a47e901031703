// Publishing from the editor: what is drawn is saved first, then frozen as the next version; or the list of what is in the way.

import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { usePublishFlow } from "../api/flows.ts";
import { toProblem } from "../api/problem.ts";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import { useEditorPlace } from "./editor-context.ts";
import { useView } from "./editor-view.ts";
import { ProblemLinks } from "./ProblemsDialog.tsx";
import { useProblems } from "./problems.ts";
import { useTools } from "./tools.ts";

export function PublishDialog() {
  const { flow, store } = useEditorPlace();
  const { view, autosave } = useTools();
  const opened = useView((state) => state.dialog === "publish");
  const [note, setNote] = useState("");
  const [unsaved, setUnsaved] = useState(false);
  const publish = usePublishFlow(flow.id);
  const found = useProblems();
  const refused = publish.error ? toProblem(publish.error) : undefined;
  // What the server says counts until the draft is another one.
  const problems = found.length > 0 ? found : (refused?.problems ?? []);

  function close(): void {
    view.getState().set({ dialog: null });
    publish.reset();
    setUnsaved(false);
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const isSaved = await autosave.flush();
    setUnsaved(!isSaved);
    if (!isSaved) return;
    publish.mutate(
      { note: note.trim(), revision: store.getState().revision },
      {
        onSuccess(now) {
          close();
          setNote("");
          notifications.show({
            color: "teal",
            title: `Version ${now.liveNumber ?? ""} is live.`,
            message: "From now on every event that arrives becomes a run.",
          });
        },
      },
    );
  }

  return (
    <Modal
      opened={opened}
      onClose={close}
      size="lg"
      title={problems.length > 0 ? "Not ready to be published" : `Publish “${flow.name}”`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="md">
          {unsaved && (
            <ProblemNote
              sentence="The draft could not be saved, so there is nothing to publish yet."
              hint="See why at the top of the editor, then try again."
              urgent
            />
          )}
          {refused && refused.problems.length === 0 && (
            <ProblemNote sentence={refused.message} hint={refused.hint} urgent />
          )}
          {problems.length > 0 ? (
            <>
              <Text size="sm">
                {problems.length === 1 ? "One thing is" : `${problems.length} things are`} in the way. Choose
                one to go there.
              </Text>
              <ProblemLinks problems={problems} onGo={close} />
            </>
          ) : (
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
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {problems.length > 0 ? "Close" : "Cancel"}
            </Button>
            {problems.length === 0 && (
              <Button type="submit" loading={publish.isPending}>
                Publish now
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
