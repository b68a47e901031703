// Sends a flow's catch URL what a known service would send, made and signed by the server.

import { Button, Select } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconSend } from "@tabler/icons-react";
import { useState } from "react";
import { type Sender, useCatching, useSenders, useSendSigned } from "../api/catching.ts";
import { toProblem } from "../api/problem.ts";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import classes from "./FirstDelivery.module.css";

export function SendSample({ flowId }: { flowId: string }) {
  const senders = useSenders();
  const catching = useCatching(flowId);
  const send = useSendSigned(flowId);
  const [chosen, setChosen] = useState<string>();
  const verification = catching.data?.settings.verification;
  const own = verification?.kind === "preset" ? verification.preset : undefined;
  const groups = groupsOf(senders.data ?? [], own);
  const value = chosen ?? groups[0]?.items[0]?.value ?? null;
  const error = senders.error ?? send.error;
  const problem = error ? toProblem(error) : undefined;

  function go(): void {
    const [preset = "", event] = (value ?? "").split(" ");
    send.mutate(
      { preset, event },
      {
        onSuccess: ({ status, problem: refused }) =>
          notifications.show(
            refused
              ? { color: "red", title: refused.sentence, message: refused.hint ?? "", role: "alert" }
              : { title: "The sample was sent.", message: `The catch URL answered ${status}.` },
          ),
      },
    );
  }

  return (
    <>
      <div className={classes.send}>
        <Select
          className={classes.what}
          aria-label="Sample to send"
          data={groups}
          value={value}
          allowDeselect={false}
          searchable
          checkIconPosition="right"
          disabled={groups.length === 0}
          onChange={(next) => setChosen(next ?? undefined)}
        />
        <Button
          variant="default"
          leftSection={<IconSend size={15} aria-hidden="true" />}
          loading={send.isPending}
          disabled={value === null}
          onClick={go}
        >
          Send
        </Button>
      </div>
      {problem && <ProblemNote sentence={problem.message} hint={problem.hint} urgent />}
    </>
  );
}

/** By sender; that one first whom the flow expects, as only its samples would be let in. */
function groupsOf(senders: Sender[], own: string | undefined) {
  return senders
    .filter(({ samples }) => samples.length > 0)
    .toSorted((a, b) => Number(b.id === own) - Number(a.id === own))
    .map(({ id, name, samples }) => ({
      group: name,
      items: samples.map((sample) => ({ value: `${id} ${sample.event}`, label: `${sample.name} (${name})` })),
    }));
}
