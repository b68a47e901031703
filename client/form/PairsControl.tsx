// Names with values, in order.

import { ActionIcon, Button } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { Choosable } from "./Choosable.tsx";
import type { ControlProps } from "./control.ts";
import { Frame } from "./Frame.tsx";
import { recordOf } from "./form-values.ts";
import classes from "./RowsControl.module.css";
import { Written } from "./Written.tsx";

export function PairsControl(props: ControlProps) {
  const { field, path, value, onChange } = props;
  const pairs = (Array.isArray(value) ? value : []).map(recordOf);
  const change = (index: number, part: Record<string, unknown>) =>
    onChange(pairs.map((pair, at) => (at === index ? { ...pair, ...part } : pair)));
  return (
    <Choosable control={props}>
      <Frame control={props}>
        <div className={classes.rows}>
          {pairs.map((pair, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; all of its state is in the value
            <div key={index} className={classes.row}>
              <div className={classes.cells}>
                <Written
                  label={`${field.label}: name ${index + 1}`}
                  placeholder="Name"
                  path={`${path}.${index}.name`}
                  value={pair.name ?? ""}
                  onChange={(name) => change(index, { name })}
                />
                <Written
                  label={`${field.label}: value ${index + 1}`}
                  placeholder="Value"
                  path={`${path}.${index}.value`}
                  value={pair.value ?? ""}
                  onChange={(next) => change(index, { value: next })}
                />
              </div>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`${field.label}: remove row ${index + 1}`}
                onClick={() => onChange(pairs.filter((_, at) => at !== index))}
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
            onClick={() => onChange([...pairs, { name: "", value: "" }])}
          >
            Add a row
          </Button>
        </div>
      </Frame>
    </Choosable>
  );
}
