// A realistic request of the chosen sender, signed with the secret that is kept: sent by the server to the catch URL.

import { Anchor, Button, Group, Select } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import { type Sender, useSendSigned } from "../../api/catching.ts";
import { toProblem } from "../../api/problem.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { stepSamples } from "../data/step-samples.ts";
import { useEditorPlace } from "../editor-context.ts";
import classes from "../panel/Panel.module.css";

export function SendSigned({ sender, hasSecret }: { sender: Sender; hasSecret: boolean }) {
  const { flow } = useEditorPlace();
  const send = useSendSigned(flow.id);
  const [event, setEvent] = useState(sender.samples[0]?.event ?? "");
  const problem = send.error ? toProblem(send.error) : undefined;
  if (!canSign(sender)) {
    return (
      <section className={classes.section} aria-label="Send a signed sample">
        <h3 className={classes.title}>Send a signed sample</h3>
        <p className={classes.text}>
          Only {sender.name} itself can sign as {sender.name}: have it send a test from its own screen.
        </p>
      </section>
    );
  }
  return (
    <section className={classes.section} aria-label="Send a signed sample">
      <h3 className={classes.title}>Send a signed sample</h3>
      <p className={classes.text}>
        {hasSecret
          ? `As ${sender.name} would send it, signed with your secret.`
          : `Save the secret first: a sample of ${sender.name} is signed with it.`}
        {flow.status === "live" && (
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
          aria-label="Event to send"
          data={sender.samples.map(({ event: value, name }) => ({ value, label: name }))}
          value={event}
          allowDeselect={false}
          searchable={sender.samples.length > 8}
          checkIconPosition="right"
          onChange={(next) => {
            send.reset();
            setEvent(next ?? "");
          }}
        />
        <Button
          size="xs"
          leftSection={<IconSend size={14} />}
          loading={send.isPending}
          disabled={!hasSecret}
          onClick={() =>
            send.mutate(
              { preset: sender.id, event },
              {
                onSuccess: ({ runId }) => {
                  if (runId) stepSamples(flow.id).getState().choose(runId);
                },
              },
            )
          }
        >
          Send
        </Button>
      </Group>
      {problem && <ProblemNote sentence={problem.message} hint={problem.hint} urgent />}
      {send.data?.problem && send.data.status >= 400 && (
        <ProblemNote
          sentence={`The catch URL answered ${send.data.status}: ${send.data.problem.sentence}`}
          hint={send.data.problem.hint}
          urgent
        />
      )}
      {send.data && send.data.status < 400 && (
        <p className={classes.text} role="status">
          The catch URL answered {send.data.status}.{" "}
          {send.data.runId ? (
            <Anchor component={Link} to={`/runs/${send.data.runId}`} inherit underline="always">
              See the run
            </Anchor>
          ) : (
            (send.data.problem?.sentence ?? "It started no run.")
          )}
        </p>
      )}
    </section>
  );
}

/** Where the key that signs is the sender's alone, nobody here can sign in its name. */
function canSign({ algorithm, needsSecret }: Sender): boolean {
  return needsSecret && algorithm !== "ed25519" && algorithm !== "ecdsa-p256-sha256";
}
