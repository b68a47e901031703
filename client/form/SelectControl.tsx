// One of several.

import { Select } from "@mantine/core";
import { isDemanded } from "../../shared/field.ts";
import { Choosable } from "./Choosable.tsx";
import { asText, type ControlProps, labels } from "./control.ts";

export function SelectControl(props: ControlProps) {
  const { field } = props;
  const options = field.options ?? [];
  return (
    <Choosable control={props}>
      <Select
        {...labels(props)}
        data={options}
        value={asText(props.value ?? field.default) || null}
        onChange={(value) => props.onChange(value ?? "")}
        allowDeselect={!isDemanded(field) && field.default === undefined}
        searchable={options.length > 8}
        checkIconPosition="right"
      />
    </Choosable>
  );
}
