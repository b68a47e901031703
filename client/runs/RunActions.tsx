// What can be done with a run: end it, or run its event again.

import { Button } from "@mantine/core";
import { IconPlayerStop, IconRepeat } from "@tabler/icons-react";
import { useNavigate } from "react-router";
import { isFinal } from "../../shared/run.ts";
import { type RunView, useCancelRun, useReplayRun } from "../api/runs.ts";
import { askFirst } from "../ui/ask.tsx";

export function RunActions({ run }: { run: RunView }) {
  const cancel = useCancelRun(run.id);
  const replay = useReplayRun(run.id);
  const navigate = useNavigate();
  return (
    <>
      {!isFinal(run.status) && (
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={16} aria-hidden="true" />}
          loading={cancel.isPending}
          onClick={() =>
            askFirst({
              title: "Cancel this run?",
              text: "What its steps did stays done; no further step begins.",
              yes: "Cancel the run",
              go: () => cancel.mutate(),
            })
          }
        >
          Cancel run
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<IconRepeat size={16} aria-hidden="true" />}
        loading={replay.isPending}
        onClick={() => replay.mutate(undefined, { onSuccess: (again) => void navigate(`/runs/${again.id}`) })}
      >
        Run again
      </Button>
    </>
  );
}
