// The label, help and problem around a control that is made of several parts.

import { Input } from "@mantine/core";
import { type ReactNode, useId } from "react";
import { isDemanded } from "../../shared/field.ts";
import type { ControlProps } from "./control.ts";

export function Frame({ control, children }: { control: ControlProps; children: ReactNode }) {
  const { field, problem } = control;
  const id = useId();
  const said = [field.help && `${id}-help`, problem && `${id}-problem`].filter(Boolean).join(" ");
  return (
    <Input.Wrapper
      role="group"
      aria-label={field.label}
      aria-describedby={said || undefined}
      descriptionProps={{ id: `${id}-help` }}
      errorProps={{ id: `${id}-problem` }}
      label={field.label}
      description={field.help}
      required={isDemanded(field)}
      error={problem}
      labelElement="div"
    >
      {children}
    </Input.Wrapper>
  );
}
