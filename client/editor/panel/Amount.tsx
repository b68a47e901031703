// A number of a setting: what is typed becomes the setting only while it is one that is allowed.

import { NumberInput } from "@mantine/core";
import { useEffect, useState } from "react";

export function Amount(props: {
  label: string;
  value: number;
  min: number;
  max: number;
  suffix?: string;
  onChange: (value: number) => void;
}) {
  const { label, value, min, max, suffix, onChange } = props;
  const [typed, setTyped] = useState<number | string>(value);
  const isFine = typeof typed === "number" && typed >= min && typed <= max;
  useEffect(() => setTyped(value), [value]);
  return (
    <NumberInput
      size="xs"
      label={label}
      {...(suffix === undefined ? { allowDecimal: false } : { suffix })}
      hideControls
      clampBehavior="none"
      value={typed}
      error={!isFine && `Between ${min} and ${max.toLocaleString("en-GB")}.`}
      onChange={(next) => {
        setTyped(next);
        if (typeof next === "number" && next >= min && next <= max) onChange(next);
      }}
    />
  );
}
