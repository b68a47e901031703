// Ready-made events, as real services send them: sent from this page to the flow's own catch URL.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { CatchAnswer } from "../../../shared/api.ts";
import type { CatchSettings } from "../../../shared/catching.ts";
import { findSampleEvent, SAMPLE_EVENTS, type SampleEvent } from "../../../shared/sample-events.ts";
import { useCatching, useSenders } from "../../api/catching.ts";
import { flowKeys } from "../../api/flows.ts";
import { problemOf, toProblem, unreachable } from "../../api/problem.ts";
import { SendSigned } from "../catching/SendSigned.tsx";
import { senderNamed } from "../catching/senders.ts";
import { stepSamples } from "../data/step-samples.ts";
import { useEditorPlace } from "../editor-context.ts";
import { SendChosen } from "./SendChosen.tsx";
import { sendable } from "./send-sample.ts";
import { plainWords } from "./sent-words.ts";

/** Where the sender is a known one, its own samples, signed; else one of many, as it is. */
export function SendSample() {
  const { flow } = useEditorPlace();
  const { data: view } = useCatching(flow.id);
  const { data: senders } = useSenders();
  const verification = view?.settings.verification;
  const sender = verification && senderNamed(verification, senders ?? []);
  if (view && sender && sender.samples.length > 0) {
    return <SendSigned key={sender.id} sender={sender} view={view} />;
  }
  return <SendUnsigned settings={view?.settings} />;
}

function SendUnsigned({ settings }: { settings: CatchSettings | undefined }) {
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
  const isChecked = settings !== undefined && settings.verification.kind !== "none";
  const refused = " It carries no secret of yours, so the catch URL refuses it and says why.";
  return (
    <SendChosen
      title="Send a sample"
      about={`Nothing to send yet? Take an event as a real service would send it.${isChecked ? refused : ""}`}
      startsRun={flow.status === "live" && !isChecked}
      label="Sample to send"
      options={SAMPLE_EVENTS.map(({ id: value, name, from }) => ({ value, label: `${name} (${from})` }))}
      searchable
      chosen={id}
      onChoose={(next) => {
        send.reset();
        setId(next);
      }}
      canSend={event !== undefined}
      isSending={send.isPending}
      onSend={() => event && send.mutate(event)}
      problem={problem && { sentence: problem.message, hint: problem.hint }}
    >
      {send.data && plainWords(send.data)}
    </SendChosen>
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
  // A flow that answers its caller may say anything.
  return CatchAnswer.safeParse(body).data ?? {};
}
