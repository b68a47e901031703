// A secret: typed, sent, and never shown again. One that is kept already may be left as it is.

import { PasswordInput } from "@mantine/core";
import { isDemanded } from "../../shared/field.ts";
import { asText, type ControlProps, labels } from "./control.ts";

export function SecretControl(props: ControlProps) {
  const { kept } = props;
  return (
    <PasswordInput
      {...labels(props)}
      placeholder={kept ? `Kept: ${kept}. Type to replace it.` : props.field.placeholder}
      required={isDemanded(props.field) && !kept}
      aria-invalid={props.problem !== undefined}
      autoComplete="new-password"
      value={asText(props.value)}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}
