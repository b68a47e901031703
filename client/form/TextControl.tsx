// One line of text.

import { TextInput } from "@mantine/core";
import { asText, type ControlProps, labels } from "./control.ts";

export function TextControl(props: ControlProps) {
  return (
    <TextInput
      {...labels(props)}
      value={asText(props.value)}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      autoComplete="off"
    />
  );
}
