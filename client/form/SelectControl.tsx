// One of several.

import { Select } from "@mantine/core";
import { asText, type ControlProps, labels } from "./control.ts";

export function SelectControl(props: ControlProps) {
  const options = props.field.options ?? [];
  return (
    <Select
      {...labels(props)}
      data={options}
      value={asText(props.value) || null}
      onChange={(value) => props.onChange(value ?? "")}
      allowDeselect={!props.field.required}
      searchable={options.length > 8}
      checkIconPosition="right"
    />
  );
}
