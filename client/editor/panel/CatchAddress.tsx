// The flow's catch URL to copy, who can use it, and a call of it for a terminal.

import { Button, Collapse } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useCatching } from "../../api/catching.ts";
import type { FlowView } from "../../api/flows.ts";
import { curlFor } from "../../flows/curl.ts";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import classes from "./Panel.module.css";

export function CatchAddress({ flow }: { flow: Pick<FlowView, "id" | "catchUrl"> }) {
  const [opened, { toggle }] = useDisclosure();
  const isChecked = (useCatching(flow.id).data?.settings.verification.kind ?? "none") !== "none";
  return (
    <section className={classes.section}>
      <h3 className={classes.title}>Catch URL</h3>
      <CodeBlock text={flow.catchUrl} what="Catch URL" wrap />
      <p className={classes.text}>
        Enter this address where the other service asks for a webhook
        {isChecked
          ? ". Whoever has it still has to show who they are before the flow starts."
          : ", or send something to it yourself. Whoever has it can start the flow, so share it like a password."}
      </p>
      <Button
        variant="subtle"
        size="compact-sm"
        w="fit-content"
        ml={-8}
        leftSection={opened ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />}
        aria-expanded={opened}
        onClick={toggle}
      >
        Try it with curl
      </Button>
      <Collapse expanded={opened}>
        {isChecked && (
          <p className={classes.text}>This call carries no secret, so it shows how a stranger is refused.</p>
        )}
        <CodeBlock text={curlFor(flow.catchUrl)} what="curl command" />
      </Collapse>
    </section>
  );
}
