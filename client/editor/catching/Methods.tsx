// The methods that a catch URL takes, each to be ticked.

import { Checkbox, Group } from "@mantine/core";
import { CATCH_METHODS } from "../../../shared/catching.ts";
import type { Values } from "../../form/form-values.ts";
import { textsOf } from "./section.ts";

export function Methods(props: {
  values: Values;
  problem: string | undefined;
  onChange: (values: Values) => void;
}) {
  const { values, problem, onChange } = props;
  return (
    <Checkbox.Group
      label="Methods"
      description="Nearly every service sends with POST."
      error={problem}
      value={textsOf(values, "methods")}
      onChange={(methods) => onChange({ ...values, methods })}
    >
      <Group gap="8px 22px" mt={4}>
        {CATCH_METHODS.map((method) => (
          <Checkbox key={method} size="xs" value={method} label={method} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}
