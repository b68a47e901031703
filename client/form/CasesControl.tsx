// The cases of a branch: each has a name, which the canvas shows at its way out, and conditions.

import { ActionIcon, Button, Group, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { ConditionRows } from "./ConditionsControl.tsx";
import { type CaseShown, casesOf, moveCase, withNewCase } from "./case-list.ts";
import type { ControlProps } from "./control.ts";
import { Frame } from "./Frame.tsx";
import classes from "./RowsControl.module.css";

export function CasesControl(props: ControlProps) {
  const { field, path, onChange } = props;
  const cases = casesOf(props.value ?? field.default);
  const change = (index: number, part: Partial<CaseShown>) =>
    onChange(cases.map((one, at) => (at === index ? { ...one, ...part } : one)));
  return (
    <Frame control={props}>
      <div className={classes.rows}>
        {cases.map((one, index) => (
          <section key={one.id} className={classes.case} aria-label={`Case “${one.name}”`}>
            <Group gap={4} wrap="nowrap" align="flex-end">
              <TextInput
                flex={1}
                size="xs"
                label={`Case ${index + 1}: name`}
                value={one.name}
                maxLength={80}
                error={one.name.trim() === "" && "Give it a name."}
                onChange={(event) => change(index, { name: event.currentTarget.value })}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                disabled={index === 0}
                aria-label={`Look at “${one.name}” earlier`}
                onClick={() => onChange(moveCase(cases, index, -1))}
              >
                <IconArrowUp size={15} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                disabled={index === cases.length - 1}
                aria-label={`Look at “${one.name}” later`}
                onClick={() => onChange(moveCase(cases, index, 1))}
              >
                <IconArrowDown size={15} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                disabled={cases.length === 1}
                aria-label={`Remove the case “${one.name}” and its edges`}
                onClick={() => onChange(cases.filter((_, at) => at !== index))}
              >
                <IconTrash size={15} />
              </ActionIcon>
            </Group>
            <ConditionRows
              label={one.name || `Case ${index + 1}`}
              path={`${path}.${index}.when`}
              value={one.when}
              onChange={(when) => change(index, { when })}
            />
          </section>
        ))}
        <Button
          variant="default"
          size="compact-sm"
          w="fit-content"
          leftSection={<IconPlus size={14} aria-hidden="true" />}
          disabled={cases.length >= 50}
          onClick={() => onChange(withNewCase(cases))}
        >
          Add a case
        </Button>
        <p className={classes.note}>When none of them holds, the flow goes on by “no”.</p>
      </div>
    </Frame>
  );
}
