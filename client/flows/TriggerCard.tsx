// How the flow is started: its catch URL with a ready-made call, or its schedule.

import { Button, Collapse } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { stepOf, TRIGGER_ID } from "../../shared/graph.ts";
import type { Manifests } from "../../shared/manifest.ts";
import { useCatching } from "../api/catching.ts";
import type { FlowView } from "../api/flows.ts";
import { Card } from "../ui/Card.tsx";
import { CodeBlock } from "../ui/CodeBlock.tsx";
import { ConnectorIcon } from "../ui/ConnectorIcon.tsx";
import { Data } from "../ui/Data.tsx";
import { curlFor } from "./curl.ts";
import classes from "./TriggerCard.module.css";

export function TriggerCard({ flow, manifests }: { flow: FlowView; manifests: Manifests }) {
  const [opened, { toggle }] = useDisclosure();
  const step = stepOf(flow.draft, TRIGGER_ID);
  const trigger = step && manifests.triggers.get(step.uses);
  const isChecked = (useCatching(flow.id).data?.settings.verification.kind ?? "none") !== "none";
  const scheduled = trigger?.starts === "schedule";
  return (
    <Card title="How it starts">
      <div className={classes.trigger}>
        {step && <ConnectorIcon uses={step.uses} manifests={manifests} size={34} />}
        <div className={classes.about}>
          <p className={classes.name}>{trigger?.name ?? "No trigger yet"}</p>
          <p className={classes.text}>
            {trigger?.description ?? "Give the flow a trigger: it says what starts it."}
          </p>
        </div>
      </div>
      {scheduled ? (
        <Data value={step?.input} what="Settings of the schedule" />
      ) : (
        <>
          <h3 className={classes.label}>Catch URL</h3>
          <CodeBlock text={flow.catchUrl} what="Catch URL" wrap />
          <p className={classes.text}>
            Send anything here with POST: JSON, a form, a file or text.{" "}
            {isChecked
              ? "Whoever has this address still has to show who they are before the flow starts."
              : "Whoever has this address can start the flow, so share it like a password."}
          </p>
          <Button
            variant="subtle"
            size="compact-sm"
            mt={8}
            ml={-8}
            leftSection={opened ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />}
            aria-expanded={opened}
            onClick={toggle}
          >
            Try it with curl
          </Button>
          <Collapse expanded={opened}>
            <div className={classes.curl}>
              <CodeBlock text={curlFor(flow.catchUrl)} what="curl command" />
            </div>
          </Collapse>
        </>
      )}
    </Card>
  );
}
