// Any JSON value, written as text.

import { JsonInput } from "@mantine/core";
import { type ControlProps, labels, written } from "./control.ts";
import { useFormPlace } from "./form-place.ts";
import { isWanting } from "./form-values.ts";

export function JsonControl(props: ControlProps) {
  const { value } = props;
  const place = useFormPlace();
  if (place) {
    return (
      <place.Writing
        {...written(props)}
        kind="json"
        problem={props.problem ?? place.problemAt(props.path)}
        wanting={isWanting(props.field, value)}
      />
    );
  }
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
