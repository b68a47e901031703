// A control that is chosen from (a list, a switch, a calendar), with a way to take its value from data instead.

import { ActionIcon, Tooltip } from "@mantine/core";
import { IconBraces, IconPointer } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import classes from "./Choosable.module.css";
import { type ControlProps, written } from "./control.ts";
import { useFormPlace } from "./form-place.ts";
import { startOf } from "./form-values.ts";

export function Choosable({ control, children }: { control: ControlProps; children: ReactNode }) {
  const place = useFormPlace();
  const { field, value, onChange } = control;
  const holdsData = typeof value === "string" && value.includes("{{");
  const [byData, setByData] = useState(false);
  if (!place) return children;
  if (holdsData || byData) {
    return (
      <place.Writing
        {...written(control)}
        kind="line"
        placeholder="Choose data, or type {{"
        problem={control.problem ?? place.problemAt(control.path)}
        value={typeof value === "string" ? value : ""}
        aside={
          <Tooltip label="Choose a fixed value instead">
            <ActionIcon
              variant="subtle"
              color="gray"
              size={22}
              aria-label={`${field.label}: choose a fixed value`}
              onClick={() => {
                setByData(false);
                if (holdsData || value === "") onChange(startOf(field));
              }}
            >
              <IconPointer size={14} />
            </ActionIcon>
          </Tooltip>
        }
      />
    );
  }
  return (
    <div className={classes.choosable}>
      {children}
      <Tooltip label="Take it from data instead">
        <ActionIcon
          className={classes.switch ?? ""}
          variant="subtle"
          size={22}
          aria-label={`${field.label}: take it from data`}
          onClick={() => setByData(true)}
        >
          <IconBraces size={15} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
