// A time zone, out of those the browser knows.

import { Select } from "@mantine/core";
import { Choosable } from "./Choosable.tsx";
import { asText, type ControlProps, labels } from "./control.ts";

const zones = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

export function TimeZoneControl(props: ControlProps) {
  return (
    <Choosable control={props}>
      <Select
        {...labels(props)}
        data={zones}
        searchable
        limit={60}
        nothingFoundMessage="No such time zone"
        value={asText(props.value ?? props.field.default) || null}
        onChange={(value) => props.onChange(value ?? "")}
        allowDeselect={false}
      />
    </Choosable>
  );
}
