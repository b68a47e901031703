// Yes or no.

import { Switch } from "@mantine/core";
import type { ControlProps } from "./control.ts";

export function ToggleControl({ field, value, problem, onChange }: ControlProps) {
  return (
    <Switch
      label={field.label}
      description={field.help}
      name={field.key}
      checked={value === true}
      error={problem}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
