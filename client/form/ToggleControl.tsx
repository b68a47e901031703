// Yes or no.

import { Switch } from "@mantine/core";
import { Choosable } from "./Choosable.tsx";
import type { ControlProps } from "./control.ts";

export function ToggleControl(props: ControlProps) {
  const { field, value, problem, onChange } = props;
  return (
    <Choosable control={props}>
      <Switch
        label={field.label}
        description={field.help}
        name={field.key}
        checked={(value ?? field.default) === true}
        error={problem}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </Choosable>
  );
}
