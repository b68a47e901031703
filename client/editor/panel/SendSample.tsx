// Ready-made events, as real services send them: sent from this page to the flow's own catch URL.

import { Button, Group, Select } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { CatchAnswer } from "../../../shared/api.ts";
import { findSampleEvent, SAMPLE_EVENTS, type SampleEvent } from "../../../shared/sample-events.ts";
import { useCatching, useSenders } from "../../api/catching.ts";
import { flowKeys } from "../../api/flows.ts";
import { ApiProblem, problemOf, toProblem, unreachable } from "../../api/problem.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { SendSigned } from "../catching/SendSigned.tsx";
import { senderNamed } from "../catching/senders.ts";
import { stepSamples } from "../data/step-samples.ts";
import { useEditorPlace } from "../editor-context.ts";
import classes from "./Panel.module.css";
import { sendable } from "./send-sample.ts";

/** Where the sender is a known one, its own samples, signed; else one of many, as it is. */
export function SendSample() {
  const { flow } = useEditorPlace();
  const { data: view } = useCatching(flow.id);
  const { data: senders } = useSenders();
  const verification = view?.settings.verification;
  const sender = verification && senderNamed(verification, senders ?? []);
  if (view && sender && sender.samples.length > 0) {
    return <SendSigned key={sender.id} sender={sender} hasSecret={view.secrets > 0} />;
  }
  return <SendUnsigned isChecked={verification !== undefined && verification.kind !== "none"} />;
}

function SendUnsigned({ isChecked }: { isChecked: boolean }) {
  const { flow } = useEditorPlace();
  const client = useQueryClient();
  const [id, setId] = useState(SAMPLE_EVENTS[0]?.id ?? "");
  const event = findSampleEvent(id);
  const send = useMutation({
    mutationFn: (chosen: SampleEvent) => post(flow.catchUrl, chosen),
    meta: { problem: "in place" },
    onSuccess(answer) {
      const sampleId = answer.sampleId ?? answer.runId;
      if (sampleId) stepSamples(flow.id).getState().choose(sampleId);
      return client.invalidateQueries({ queryKey: flowKeys.samples(flow.id) });
    },
  });
  const problem = send.error ? toProblem(send.error) : undefined;
  return (
    <section className={classes.section}>
      <h3 className={classes.title}>Send a sample</h3>
      <p className={classes.text}>
        Nothing to send yet? Take an event as a real service would send it.
        {isChecked && " It carries no secret of yours, so the catch URL refuses it and says why."}
        {flow.status === "live" && !isChecked && (
          <>
            {" "}
            <b>This flow is live: a sample starts a real run.</b>
          </>
        )}
      </p>
      <Group gap={6} wrap="nowrap" align="flex-end">
        <Select
          flex={1}
          size="xs"
          aria-label="Sample to send"
          data={SAMPLE_EVENTS.map(({ id: value, name, from }) => ({ value, label: `${name} (${from})` }))}
          value={id}
          allowDeselect={false}
          searchable
          checkIconPosition="right"
          onChange={(next) => {
            send.reset();
            setId(next ?? "");
          }}
        />
        <Button
          size="xs"
          leftSection={<IconSend size={14} />}
          loading={send.isPending}
          disabled={!event}
          onClick={() => event && send.mutate(event)}
        >
          Send
        </Button>
      </Group>
      {problem && <ProblemNote sentence={problem.message} hint={problem.hint} urgent />}
      {send.data && (
        <p className={classes.text} role="status">
          {send.data.runId ? "It arrived and started a run." : "It arrived, and is kept as a sample."}
        </p>
      )}
    </section>
  );
}

/** To this very server, whatever name the catch URL has for the outside. */
async function post(catchUrl: string, event: SampleEvent) {
  const { path, init } = sendable(catchUrl, event);
  const answer = await fetch(path, init).catch(() => {
    throw unreachable();
  });
  const body: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) throw problemOf(answer.status, body);
  const parsed = CatchAnswer.safeParse(body);
  // A flow that answers its caller may say anything.
  if (body !== undefined && !parsed.success && answer.status >= 500) {
    throw new ApiProblem(answer.status, {
      code: "unexplained",
      sentence: "The flow answered with an error.",
    });
  }
  return parsed.data ?? {};
}
