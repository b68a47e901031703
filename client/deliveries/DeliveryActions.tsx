// What can be done with a delivery: run it, try it with the draft, keep it, and send it again from a terminal.

import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPencilBolt, IconPin, IconPlayerPlay } from "@tabler/icons-react";
import { useNavigate } from "react-router";
import { type DeliveryView, useKeepDelivery, useRunDelivery } from "../api/deliveries.ts";
import { askFirst } from "../ui/ask.tsx";
import { CopyCurl } from "./CopyCurl.tsx";
import classes from "./DeliveryPage.module.css";
import { warningOf, whyNotRunnable } from "./delivery-words.ts";

export function DeliveryActions({ delivery }: { delivery: DeliveryView }) {
  const run = useRunDelivery(delivery.id);
  const keep = useKeepDelivery(delivery.id, delivery.flowId);
  const navigate = useNavigate();
  const unfit = whyNotRunnable(delivery) !== undefined;
  const again = delivery.verdict === "accepted";

  function go(draft: boolean): void {
    const begin = () => run.mutate({ draft }, { onSuccess: ({ runId }) => void navigate(`/runs/${runId}`) });
    const warning = warningOf(delivery);
    if (warning === undefined) begin();
    else
      askFirst({
        title: draft ? "Run it through the draft all the same?" : "Run it all the same?",
        text: warning,
        yes: draft ? "Run through the draft" : "Run now",
        go: begin,
      });
  }

  return (
    <div className={classes.actions}>
      <Button
        // Where nothing speaks against it.
        variant={delivery.verdict === "asleep" ? "filled" : "default"}
        leftSection={<IconPlayerPlay size={16} aria-hidden="true" />}
        disabled={unfit}
        loading={run.isPending && run.variables.draft !== true}
        onClick={() => go(false)}
      >
        {again ? "Run again" : "Run now"}
      </Button>
      <Button
        variant="default"
        leftSection={<IconPencilBolt size={16} aria-hidden="true" />}
        disabled={unfit}
        loading={run.isPending && run.variables.draft === true}
        onClick={() => go(true)}
      >
        Run through the draft
      </Button>
      <Button
        variant="default"
        leftSection={<IconPin size={16} aria-hidden="true" />}
        disabled={unfit}
        loading={keep.isPending}
        onClick={() =>
          keep.mutate(undefined, {
            onSuccess: ({ name }) =>
              notifications.show({
                title: "It is kept as a sample.",
                message: `The editor has it pinned, as “${name}”: build and test the flow with it.`,
              }),
          })
        }
      >
        Keep as a sample
      </Button>
      <CopyCurl delivery={delivery} />
    </div>
  );
}
