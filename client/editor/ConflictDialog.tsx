// Somebody else saved this draft: theirs or mine. Whichever is left aside can be copied, so nothing is lost.

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { stepsOf } from "../../shared/graph.ts";
import { call } from "../api/call.ts";
import type { FlowView } from "../api/flows.ts";
import { Ago } from "../ui/Ago.tsx";
import { CopyButton } from "../ui/Copy.tsx";
import { LoadFailed } from "../ui/LoadFailed.tsx";
import { copyAll } from "./clipboard.ts";
import { useEditor, useEditorPlace } from "./editor-context.ts";
import { useView } from "./editor-view.ts";
import { settlePlaces } from "./places.ts";
import { useTools } from "./tools.ts";

export function ConflictDialog() {
  const { flow } = useEditorPlace();
  const { view } = useTools();
  const isConflict = useEditor((state) => state.save.kind === "conflict");
  const opened = useView((state) => state.dialog === "conflict") && isConflict;
  useEffect(() => {
    if (isConflict) view.getState().set({ dialog: "conflict" });
  }, [isConflict, view]);
  return (
    <Modal
      opened={opened}
      onClose={() => view.getState().set({ dialog: null })}
      size="lg"
      title={`“${flow.name}” was changed elsewhere`}
      closeButtonProps={{ "aria-label": "Decide later" }}
    >
      {opened && <Choice flowId={flow.id} />}
    </Modal>
  );
}

function Choice({ flowId }: { flowId: string }) {
  const { store } = useEditorPlace();
  const { view, autosave } = useTools();
  const mine = useEditor((state) => state.graph);
  // Not the copy of the app: what counts is what the server has at this moment.
  const theirs = useQuery({
    queryKey: ["conflict", flowId],
    queryFn: ({ signal }) => call("flow", { params: { id: flowId }, signal }),
    gcTime: 0,
    staleTime: 0,
  });

  if (theirs.error) return <LoadFailed error={theirs.error} again={() => void theirs.refetch()} />;
  if (!theirs.data) return <Text size="sm">Reading the other draft…</Text>;
  const other = theirs.data;

  function takeTheirs(): void {
    const left = copyAll(mine);
    view.getState().set({ dialog: null });
    store.getState().take("take over their draft", settlePlaces(other.draft), other.revision);
    offer("Their draft is here now.", "Yours is one undo away, and can be copied:", left, "your draft");
  }

  function keepMine(): void {
    const left = copyAll(other.draft);
    view.getState().set({ dialog: null });
    store.getState().noteSave({ kind: "unsaved" }, other.revision);
    void autosave.flush();
    offer("Your draft is kept.", "Theirs can be copied and pasted:", left, "their draft");
  }

  return (
    <Stack gap="md">
      <Text size="sm">
        Another tab, or another person, saved this draft while you were changing it. One of the two goes on;
        the other can be copied as text and pasted anywhere on a canvas.
      </Text>
      <Group grow align="stretch">
        <Side title="Theirs" sub={<Saved flow={other} />} count={stepsOf(other.draft).length}>
          <Button onClick={takeTheirs}>Take theirs</Button>
          <CopyButton text={copyAll(other.draft)} what="their draft" label="Copy it" />
        </Side>
        <Side title="Mine" sub="Not saved yet" count={stepsOf(mine).length}>
          <Button onClick={keepMine}>Keep mine</Button>
          <CopyButton text={copyAll(mine)} what="your draft" label="Copy it" />
        </Side>
      </Group>
    </Stack>
  );
}

function Side(props: { title: string; sub: React.ReactNode; count: number; children: React.ReactNode }) {
  return (
    <Stack gap={6} p="md" bg="var(--sunken)" style={{ borderRadius: 12 }}>
      <Text fw={620}>{props.title}</Text>
      <Text size="sm" c="dimmed">
        {props.sub} · {props.count === 1 ? "1 step" : `${props.count} steps`}
      </Text>
      <Group gap="xs" mt={6}>
        {props.children}
      </Group>
    </Stack>
  );
}

function Saved({ flow }: { flow: FlowView }) {
  return (
    <>
      Saved <Ago at={flow.updatedAt} />
    </>
  );
}

function offer(title: string, text: string, copy: string, what: string): void {
  notifications.show({
    title,
    autoClose: 20_000,
    message: (
      <Group gap="xs" mt={4}>
        {text}
        <CopyButton text={copy} what={what} label="Copy it" />
      </Group>
    ),
  });
}
