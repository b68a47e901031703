// Publishing from the editor: what is drawn is saved first, then frozen as the next version; or the list of what is in the way.

import { Text } from "@mantine/core";
import { useState } from "react";
import { PublishForm, usePublishing } from "../flows/PublishForm.tsx";
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
  const [unsaved, setUnsaved] = useState(false);
  const { go, refused, isPending, reset } = usePublishing(flow.id);
  const found = useProblems();
  // What the server says counts until the draft is another one.
  const problems = found.length > 0 ? found : (refused?.problems ?? []);

  function close(): void {
    view.getState().set({ dialog: null });
    reset();
    setUnsaved(false);
  }

  async function publish(note: string): Promise<void> {
    const isSaved = await autosave.flush();
    setUnsaved(!isSaved);
    if (isSaved) go(note, store.getState().revision, close);
  }

  return (
    <PublishForm
      key={flow.liveNumber}
      flow={flow}
      opened={opened}
      onClose={close}
      problems={problems}
      list={
        <>
          <Text size="sm">
            {problems.length === 1 ? "One thing is" : `${problems.length} things are`} in the way. Choose one
            to go there.
          </Text>
          <ProblemLinks problems={problems} onGo={close} />
        </>
      }
      notice={
        unsaved && (
          <ProblemNote
            sentence="The draft could not be saved, so there is nothing to publish yet."
            hint="See why at the top of the editor, then try again."
            urgent
          />
        )
      }
      refused={refused}
      isPending={isPending}
      onPublish={(note) => void publish(note)}
    />
  );
}
