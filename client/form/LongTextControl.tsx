// Several lines of text.

import { Textarea } from "@mantine/core";
import { asText, type ControlProps, labels } from "./control.ts";

export function LongTextControl(props: ControlProps) {
  return (
    <Textarea
      {...labels(props)}
      autosize
      minRows={3}
      maxRows={12}
      value={asText(props.value)}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}
