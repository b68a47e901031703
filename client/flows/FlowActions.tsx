// The buttons of a flow's page: publish, pause or resume, and the rest in a menu.

import { ActionIcon, Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots, IconPencil, IconPlayerPause, IconPlayerPlay, IconRocket } from "@tabler/icons-react";
import { Link } from "react-router";
import { type FlowView, usePauseFlow, useResumeFlow } from "../api/flows.ts";
import { FlowMenu } from "./FlowMenu.tsx";
import { PublishDialog } from "./PublishDialog.tsx";

export function FlowActions({ flow }: { flow: FlowView }) {
  const pause = usePauseFlow();
  const resume = useResumeFlow();
  const [publishing, { open, close }] = useDisclosure();
  const worthPublishing = flow.liveNumber === null || flow.changed;
  return (
    <>
      <FlowMenu flow={flow}>
        <ActionIcon variant="default" size={36} aria-label="More actions">
          <IconDots size={18} />
        </ActionIcon>
      </FlowMenu>
      {flow.status === "live" && (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={16} aria-hidden="true" />}
          loading={pause.isPending}
          onClick={() => pause.mutate(flow.id)}
        >
          Pause
        </Button>
      )}
      {flow.status === "paused" && (
        <Button
          variant={worthPublishing ? "default" : "filled"}
          leftSection={<IconPlayerPlay size={16} aria-hidden="true" />}
          loading={resume.isPending}
          onClick={() => resume.mutate(flow.id)}
        >
          Resume
        </Button>
      )}
      <Button
        component={Link}
        to={`/flows/${flow.id}/edit`}
        variant={worthPublishing ? "default" : "filled"}
        leftSection={<IconPencil size={16} aria-hidden="true" />}
      >
        Edit
      </Button>
      {worthPublishing && (
        <Button leftSection={<IconRocket size={16} aria-hidden="true" />} onClick={open}>
          Publish
        </Button>
      )}
      <PublishDialog flow={flow} opened={publishing} onClose={close} />
    </>
  );
}
