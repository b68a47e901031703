// A length of time: an amount and its unit.

import { Select } from "@mantine/core";
import type { ControlProps } from "./control.ts";
import { Frame } from "./Frame.tsx";
import { recordOf } from "./form-values.ts";
import classes from "./RowsControl.module.css";
import { Written } from "./Written.tsx";

const units = ["seconds", "minutes", "hours", "days"];

export function DurationControl(props: ControlProps) {
  const { field, path, value, onChange } = props;
  const { amount, unit } = recordOf(value ?? field.default);
  const shownUnit = typeof unit === "string" ? unit : "minutes";
  return (
    <Frame control={props}>
      <div className={classes.pair}>
        <div className={classes.cell}>
          <Written
            kind="number"
            label={`${field.label}: amount`}
            path={`${path}.amount`}
            value={amount ?? ""}
            onChange={(next) => onChange({ amount: next, unit: shownUnit })}
          />
        </div>
        <Select
          w={120}
          aria-label={`${field.label}: unit`}
          data={units}
          allowDeselect={false}
          value={shownUnit}
          onChange={(next) => onChange({ amount: amount ?? 0, unit: next ?? "minutes" })}
        />
      </div>
    </Frame>
  );
}
