// One line of text.

import { TextInput } from "@mantine/core";
import { asText, type ControlProps, labels, written } from "./control.ts";
import { useFormPlace } from "./form-place.ts";
import { isWanting } from "./form-values.ts";

export function TextControl(props: ControlProps) {
  const place = useFormPlace();
  if (place) {
    return (
      <place.Writing
        {...written(props)}
        kind="line"
        problem={props.problem ?? place.problemAt(props.path)}
        wanting={isWanting(props.field, props.value)}
      />
    );
  }
  return (
    <TextInput
      {...labels(props)}
      value={asText(props.value)}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      autoComplete="off"
    />
  );
}
