// A list of entries, each with fields of its own.

import { ActionIcon, Button, Input, Stack } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { ControlProps } from "./control.ts";
import { Fields } from "./Form.tsx";
import { initialValues, recordOf } from "./form-values.ts";
import classes from "./RowsControl.module.css";

export function RowsControl({ field, value, problem, onChange }: ControlProps) {
  const rows = (Array.isArray(value) ? value : []).map(recordOf);
  const fields = field.items ?? [];
  return (
    <Input.Wrapper
      label={field.label}
      description={field.help}
      required={field.required}
      error={problem}
      labelElement="div"
    >
      <Stack gap={8} mt={4}>
        {rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; all of its state is in the value
          <div key={index} className={classes.row}>
            <Stack gap="xs" flex={1}>
              <Fields
                fields={fields}
                values={row}
                problems={{}}
                onChange={(next) => onChange(rows.map((one, at) => (at === index ? next : one)))}
              />
            </Stack>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`${field.label}: remove entry ${index + 1}`}
              onClick={() => onChange(rows.filter((_, at) => at !== index))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </div>
        ))}
        <Button
          variant="default"
          size="compact-sm"
          w="fit-content"
          leftSection={<IconPlus size={14} aria-hidden="true" />}
          onClick={() => onChange([...rows, initialValues(fields)])}
        >
          Add an entry
        </Button>
      </Stack>
    </Input.Wrapper>
  );
}
