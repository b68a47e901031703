// The label, help and problem around a control that is made of several parts.

import { Input } from "@mantine/core";
import type { ReactNode } from "react";
import { isDemanded } from "../../shared/field.ts";
import type { ControlProps } from "./control.ts";

export function Frame({ control, children }: { control: ControlProps; children: ReactNode }) {
  const { field, problem } = control;
  return (
    <Input.Wrapper
      role="group"
      aria-label={field.label}
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
