// A sample to choose and to send to the flow's catch URL, and below it what came of it.

import { Button, Group, Select } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import classes from "./Panel.module.css";

export function SendChosen(props: {
  title: string;
  /** What is sent, and how. */
  about: string;
  /** The flow is live, and would take it. */
  startsRun: boolean;
  /** What the list is called. */
  label: string;
  options: { value: string; label: string }[];
  searchable: boolean;
  chosen: string;
  onChoose: (value: string) => void;
  canSend: boolean;
  isSending: boolean;
  onSend: () => void;
  problem: { sentence: string; hint?: string | undefined } | undefined;
  /** What came of it. */
  children: ReactNode;
}) {
  const { title, problem, children } = props;
  return (
    <section className={classes.section} aria-label={title}>
      <h3 className={classes.title}>{title}</h3>
      <p className={classes.text}>
        {props.about}
        {props.startsRun && (
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
          aria-label={props.label}
          data={props.options}
          value={props.chosen}
          allowDeselect={false}
          searchable={props.searchable}
          checkIconPosition="right"
          onChange={(next) => props.onChoose(next ?? "")}
        />
        <Button
          size="xs"
          leftSection={<IconSend size={14} />}
          loading={props.isSending}
          disabled={!props.canSend}
          onClick={props.onSend}
        >
          Send
        </Button>
      </Group>
      {problem && <ProblemNote sentence={problem.sentence} hint={problem.hint} urgent />}
      {children && (
        <p className={classes.text} role="status">
          {children}
        </p>
      )}
    </section>
  );
}
