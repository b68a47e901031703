// The flow's name as the page's heading; a click, or the pencil, turns it into a field.

import { ActionIcon, TextInput, Tooltip } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { type FlowView, useRenameFlow } from "../api/flows.ts";
import classes from "./FlowName.module.css";

export function FlowName({ flow }: { flow: FlowView }) {
  const [draft, setDraft] = useState<string>();
  const rename = useRenameFlow(flow.id);

  function save(): void {
    const name = draft?.trim();
    setDraft(undefined);
    if (name && name !== flow.name) rename.mutate(name);
  }

  if (draft !== undefined) {
    return (
      <TextInput
        className={classes.field}
        classNames={{ input: classes.input }}
        aria-label="Name of the flow"
        autoFocus
        maxLength={200}
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key === "Enter") save();
          if (event.key === "Escape") setDraft(undefined);
        }}
      />
    );
  }
  return (
    <div className={classes.name}>
      <h1 className={classes.heading}>{rename.isPending ? rename.variables : flow.name}</h1>
      <Tooltip label="Rename">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label="Rename the flow"
          onClick={() => setDraft(flow.name)}
        >
          <IconPencil size={17} color="var(--mantine-color-dimmed)" />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
