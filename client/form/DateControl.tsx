// A day and a time, in the browser's own picker.

import { TextInput } from "@mantine/core";
import { asText, type ControlProps, labels } from "./control.ts";

export function DateControl(props: ControlProps) {
  return (
    <TextInput
      {...labels(props)}
      type="datetime-local"
      value={asText(props.value)}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}
