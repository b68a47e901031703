// Any JSON value, written as text.

import { JsonInput } from "@mantine/core";
import { type ControlProps, labels } from "./control.ts";

export function JsonControl(props: ControlProps) {
  const { value } = props;
  return (
    <JsonInput
      {...labels(props)}
      formatOnBlur
      autosize
      minRows={4}
      maxRows={16}
      value={typeof value === "string" ? value : JSON.stringify(value ?? null, null, 2)}
      onChange={props.onChange}
    />
  );
}
