// Names with values, in order.

import { ActionIcon, Button, Group, Input, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { asText, type ControlProps } from "./control.ts";
import { recordOf } from "./form-values.ts";

export function PairsControl({ field, value, problem, onChange }: ControlProps) {
  const pairs = (Array.isArray(value) ? value : []).map(recordOf);
  const change = (index: number, part: Record<string, unknown>) =>
    onChange(pairs.map((pair, at) => (at === index ? { ...pair, ...part } : pair)));
  return (
    <Input.Wrapper
      label={field.label}
      description={field.help}
      required={field.required}
      error={problem}
      labelElement="div"
    >
      <Stack gap={6} mt={4}>
        {pairs.map((pair, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; all of its state is in the value
          <Group key={index} gap={6} wrap="nowrap">
            <TextInput
              flex={1}
              placeholder="Name"
              aria-label={`${field.label}: name ${index + 1}`}
              value={asText(pair.name)}
              onChange={(event) => change(index, { name: event.currentTarget.value })}
            />
            <TextInput
              flex={1.4}
              placeholder="Value"
              aria-label={`${field.label}: value ${index + 1}`}
              value={asText(pair.value)}
              onChange={(event) => change(index, { value: event.currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`${field.label}: remove row ${index + 1}`}
              onClick={() => onChange(pairs.filter((_, at) => at !== index))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
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
      </Stack>
    </Input.Wrapper>
  );
}
