// A number.

import { NumberInput } from "@mantine/core";
import { type ControlProps, labels, written } from "./control.ts";
import { useFormPlace } from "./form-place.ts";
import { isWanting } from "./form-values.ts";

export function NumberControl(props: ControlProps) {
  const { field, value } = props;
  const place = useFormPlace();
  if (place) {
    return (
      <place.Writing
        {...written(props)}
        kind="number"
        placeholder={field.placeholder ?? (field.default === undefined ? undefined : String(field.default))}
        problem={props.problem ?? place.problemAt(props.path)}
        wanting={isWanting(field, value)}
      />
    );
  }
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
