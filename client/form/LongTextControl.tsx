// Several lines of text.

import { Textarea } from "@mantine/core";
import { asText, type ControlProps, labels, written } from "./control.ts";
import { useFormPlace } from "./form-place.ts";
import { isWanting } from "./form-values.ts";

export function LongTextControl(props: ControlProps) {
  const place = useFormPlace();
  if (place) {
    return (
      <place.Writing
        {...written(props)}
        kind="lines"
        problem={props.problem ?? place.problemAt(props.path)}
        wanting={isWanting(props.field, props.value)}
      />
    );
  }
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
