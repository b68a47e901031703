// A number.

import { NumberInput } from "@mantine/core";
import { type ControlProps, labels } from "./control.ts";

export function NumberControl(props: ControlProps) {
  const { value } = props;
  return (
    <NumberInput
      {...labels(props)}
      value={typeof value === "number" || typeof value === "string" ? value : ""}
      onChange={props.onChange}
      allowedDecimalSeparators={[".", ","]}
      hideControls
    />
  );
}
