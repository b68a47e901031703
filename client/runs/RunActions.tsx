// What can be done with a run: end it, see it on the draft's canvas, or run its event again.

import { Button } from "@mantine/core";
import { IconPencil, IconPlayerStop, IconRepeat } from "@tabler/icons-react";
import { Link, useNavigate } from "react-router";
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
        visibleFrom="sm"
        component={Link}
        to={`/flows/${run.flowId}/edit?run=${run.id}`}
        leftSection={<IconPencil size={16} aria-hidden="true" />}
      >
        Open in editor
      </Button>
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
