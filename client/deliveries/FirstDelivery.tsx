// In place of an empty inbox: the address to send the first delivery to, and one that is sent from here.

import { Button, Select } from "@mantine/core";
import { IconInbox } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import { type FlowView, useFlow, useFlows } from "../api/flows.ts";
import { CodeBlock } from "../ui/CodeBlock.tsx";
import { Empty } from "../ui/Empty.tsx";
import classes from "./FirstDelivery.module.css";
import { SendSample } from "./SendSample.tsx";

export function FirstDelivery({ flowId }: { flowId: string | undefined }) {
  const flows = useFlows();
  const [chosen, setChosen] = useState("");
  const shown = flowId ?? (chosen || (flows.data?.[0]?.id ?? ""));
  if (flowId === undefined && flows.data?.length === 0) {
    return (
      <Empty
        icon={<IconInbox size={24} />}
        title="Nothing has come yet"
        text="Each flow has an address of its own, its catch URL. Make a flow, give the address to a service that sends webhooks, and see here what comes."
      >
        <Button component={Link} to="/" variant="default">
          Make a flow
        </Button>
      </Empty>
    );
  }
  return (
    <Empty
      icon={<IconInbox size={24} />}
      title="Nothing has come yet"
      text="Give the catch URL to the service that sends, or send a sample from here. Whatever comes is listed by itself, taken or not, with what became of it."
    >
      <div className={classes.ways}>
        {flowId === undefined && (
          <Select
            label="Flow"
            data={(flows.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            value={shown || null}
            allowDeselect={false}
            searchable
            onChange={(id) => setChosen(id ?? "")}
          />
        )}
        {shown !== "" && <Ways key={shown} flowId={shown} />}
      </div>
    </Empty>
  );
}

function Ways({ flowId }: { flowId: string }) {
  const flow = useFlow(flowId);
  if (!flow.data) return null;
  return (
    <>
      <div>
        <h3 className={classes.label}>Catch URL</h3>
        <CodeBlock text={flow.data.catchUrl} what="Catch URL" wrap />
      </div>
      <div>
        <h3 className={classes.label}>Or send a sample</h3>
        <SendSample flowId={flowId} />
        <p className={classes.text}>{whatItDoes(flow.data)}</p>
      </div>
    </>
  );
}

function whatItDoes({ status }: FlowView): string {
  if (status === "live") return "The flow is live: a sample starts a real run.";
  return `The flow is ${status === "paused" ? "paused" : "not published"}: a sample is kept to build with, and nothing runs.`;
}
