// A length of time: an amount and its unit.

import { Group, Input, NumberInput, Select } from "@mantine/core";
import type { ControlProps } from "./control.ts";
import { recordOf } from "./form-values.ts";

const units = ["seconds", "minutes", "hours", "days"];

export function DurationControl({ field, value, problem, onChange }: ControlProps) {
  const { amount, unit } = recordOf(value);
  return (
    <Input.Wrapper
      label={field.label}
      description={field.help}
      required={field.required}
      error={problem}
      labelElement="div"
    >
      <Group gap="xs" wrap="nowrap" mt={4}>
        <NumberInput
          aria-label={`${field.label}: amount`}
          min={0}
          hideControls
          value={typeof amount === "number" || typeof amount === "string" ? amount : ""}
          onChange={(next) => onChange({ amount: next, unit: unit ?? "minutes" })}
        />
        <Select
          aria-label={`${field.label}: unit`}
          data={units}
          allowDeselect={false}
          value={typeof unit === "string" ? unit : "minutes"}
          onChange={(next) => onChange({ amount: amount ?? 0, unit: next ?? "minutes" })}
        />
      </Group>
    </Input.Wrapper>
  );
}
