// A realistic request of the chosen sender, signed with the secret that is kept: sent by the server to the catch URL.

import { Anchor } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { type CatchingView, type Sender, useSendSigned } from "../../api/catching.ts";
import { toProblem } from "../../api/problem.ts";
import { stepSamples } from "../data/step-samples.ts";
import { useEditorPlace } from "../editor-context.ts";
import classes from "../panel/Panel.module.css";
import { SendChosen } from "../panel/SendChosen.tsx";
import { signedWords } from "../panel/sent-words.ts";

const TITLE = "Send a signed sample";

export function SendSigned({ sender, view }: { sender: Sender; view: CatchingView }) {
  const { flow } = useEditorPlace();
  const send = useSendSigned(flow.id);
  const [event, setEvent] = useState(sender.samples[0]?.event ?? "");
  const hasSecret = view.secrets > 0;
  if (!canSign(sender)) {
    return (
      <section className={classes.section} aria-label={TITLE}>
        <h3 className={classes.title}>{TITLE}</h3>
        <p className={classes.text}>
          Only {sender.name} itself can sign as {sender.name}: have it send a test from its own screen.
        </p>
      </section>
    );
  }
  return (
    <SendChosen
      title={TITLE}
      about={
        hasSecret
          ? `As ${sender.name} would send it, signed with your secret.`
          : `Save the secret first: a sample of ${sender.name} is signed with it.`
      }
      startsRun={flow.status === "live"}
      label="Event to send"
      options={sender.samples.map(({ event: value, name }) => ({ value, label: name }))}
      searchable={sender.samples.length > 8}
      chosen={event}
      onChoose={(next) => {
        send.reset();
        setEvent(next);
      }}
      canSend={hasSecret}
      isSending={send.isPending}
      onSend={() =>
        send.mutate(
          { preset: sender.id, event },
          {
            onSuccess: ({ runId }) => {
              if (runId) stepSamples(flow.id).getState().choose(runId);
            },
          },
        )
      }
      problem={problemOf(send)}
    >
      {send.data && send.data.status < 400 && (
        <>
          The catch URL answered {send.data.status}.{" "}
          {send.data.runId ? (
            <Anchor component={Link} to={`/runs/${send.data.runId}`} inherit underline="always">
              See the run
            </Anchor>
          ) : (
            signedWords(send.data)
          )}
        </>
      )}
    </SendChosen>
  );
}

/** It could not be sent, or the catch URL did not take it. */
function problemOf({ error, data }: ReturnType<typeof useSendSigned>) {
  if (error) {
    const { message: sentence, hint } = toProblem(error);
    return { sentence, hint };
  }
  if (!data?.problem || data.status < 400) return undefined;
  return {
    sentence: `The catch URL answered ${data.status}: ${data.problem.sentence}`,
    hint: data.problem.hint,
  };
}

/** Where the key that signs is the sender's alone, nobody here can sign in its name. */
function canSign({ algorithm, needsSecret }: Sender): boolean {
  return needsSecret && algorithm !== "ed25519" && algorithm !== "ecdsa-p256-sha256";
}
