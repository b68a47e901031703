// Publishing from the flow's page: the draft becomes the next version. When it is not ready, every reason is listed.

import { Text } from "@mantine/core";
import type { FlowView } from "../api/flows.ts";
import { ProblemList } from "./ProblemList.tsx";
import { PublishForm, usePublishing } from "./PublishForm.tsx";

export function PublishDialog(props: { flow: FlowView; opened: boolean; onClose: () => void }) {
  const { flow, opened } = props;
  const { go, refused, isPending, reset } = usePublishing(flow.id);
  const problems = refused?.problems.length ? refused.problems : flow.problems;

  function close(): void {
    reset();
    props.onClose();
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
            {problems.length === 1 ? "One thing is" : `${problems.length} things are`} in the way:
          </Text>
          <ProblemList graph={flow.draft} problems={problems} />
        </>
      }
      refused={refused}
      isPending={isPending}
      onPublish={(note) => go(note, flow.revision, close)}
      canAskAgain
    />
  );
}
