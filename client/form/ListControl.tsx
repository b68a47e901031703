// Several texts, in order: Enter or a comma ends one.

import { TagsInput } from "@mantine/core";
import { asText, type ControlProps, labels } from "./control.ts";

export function ListControl(props: ControlProps) {
  const entries = Array.isArray(props.value) ? props.value.map(asText) : [];
  return (
    <TagsInput
      {...labels(props)}
      placeholder={entries.length === 0 ? (props.field.placeholder ?? "Type, then Enter") : undefined}
      value={entries}
      onChange={props.onChange}
      allowDuplicates
      acceptValueOnBlur
    />
  );
}
