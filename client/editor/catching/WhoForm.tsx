// The form of who may call: the sender from a list, its secret, and what else has to be known of it.

import { Anchor, Select } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { CatchingView, Sender } from "../../api/catching.ts";
import { Form, type FormProps } from "../../form/Form.tsx";
import panel from "../panel/Panel.module.css";
import classes from "./Catching.module.css";
import { SecretField } from "./SecretField.tsx";
import { asChoice, choices, senderChosen } from "./senders.ts";
import { formNeedsSecret } from "./who.ts";

export function WhoForm(
  props: FormProps & { flowId: string; view: CatchingView; senders: readonly Sender[] },
) {
  const { values, senders, onChange } = props;
  const choice = asChoice(values.sender);
  const sender = senderChosen(choice, senders);
  const root = useRef<HTMLDivElement>(null);
  const { asked } = values;
  // Whoever takes the offer has one thing left to do: to enter the secret.
  useEffect(() => {
    if (asked !== undefined) root.current?.querySelector<HTMLInputElement>("input[name=secret]")?.focus();
  }, [asked]);
  return (
    <div ref={root} className={classes.who}>
      <Select
        label="Sender"
        description="Choose who sends, and nobody else can start the flow."
        data={choices(senders, choice)}
        value={choice}
        searchable
        allowDeselect={false}
        checkIconPosition="right"
        maxDropdownHeight={320}
        nothingFoundMessage="Not known here: see the other ways at the end of the list."
        error={props.problems.sender}
        onChange={(next) => next && onChange({ ...values, sender: next, secret: "", fate: "keep" })}
      />
      {formNeedsSecret(values, senders) && <SecretField {...props} sender={sender} choice={choice} />}
      {sender && <About sender={sender} />}
      {/* Another sender is another form, its “more options” closed. */}
      <Form key={choice} {...props} />
    </div>
  );
}

function About({ sender }: { sender: Sender }) {
  return (
    <p className={panel.text}>
      {sender.method}
      {sender.handshake && ` ${sender.handshake}`}{" "}
      <Anchor href={sender.source} target="_blank" rel="noreferrer" inherit underline="always">
        What {sender.name} says about it
      </Anchor>
    </p>
  );
}
