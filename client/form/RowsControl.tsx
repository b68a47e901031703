// A list of entries, each with fields of its own.

import { ActionIcon, Button, Stack } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { Choosable } from "./Choosable.tsx";
import type { ControlProps } from "./control.ts";
import { Fields } from "./Form.tsx";
import { Frame } from "./Frame.tsx";
import { initialValues, recordOf } from "./form-values.ts";
import classes from "./RowsControl.module.css";

export function RowsControl(props: ControlProps) {
  const { field, path, value, onChange } = props;
  const rows = (Array.isArray(value) ? value : []).map(recordOf);
  const fields = field.items ?? [];
  return (
    <Choosable control={props}>
      <Frame control={props}>
        <div className={classes.rows}>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; all of its state is in the value
            <div key={index} className={classes.row}>
              <Stack gap="xs" flex={1} miw={0}>
                <Fields
                  fields={fields}
                  values={row}
                  problems={{}}
                  path={`${path}.${index}`}
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
        </div>
      </Frame>
    </Choosable>
  );
}
