// A day and a time, in the browser's own picker.

import { TextInput } from "@mantine/core";
import { Choosable } from "./Choosable.tsx";
import { asText, type ControlProps, labels } from "./control.ts";

export function DateControl(props: ControlProps) {
  // A placeholder would be an example of data; the browser's picker has its own.
  const { placeholder: _, ...about } = labels(props);
  return (
    <Choosable control={props}>
      <TextInput
        {...about}
        type="datetime-local"
        value={asText(props.value)}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      />
    </Choosable>
  );
}
