// A form drawn from fields: no connector brings a screen of its own.

import { Button, Collapse, Stack } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useId, useState } from "react";
import type { Control, FieldSpec } from "../../shared/field.ts";
import { CasesControl } from "./CasesControl.tsx";
import { ConditionsControl } from "./ConditionsControl.tsx";
import { CronControl } from "./CronControl.tsx";
import type { ControlProps } from "./control.ts";
import { DateControl } from "./DateControl.tsx";
import { DurationControl } from "./DurationControl.tsx";
import { isShown, type Values } from "./form-values.ts";
import { JsonControl } from "./JsonControl.tsx";
import { ListControl } from "./ListControl.tsx";
import { LongTextControl } from "./LongTextControl.tsx";
import { NumberControl } from "./NumberControl.tsx";
import { PairsControl } from "./PairsControl.tsx";
import { RowsControl } from "./RowsControl.tsx";
import { SecretControl } from "./SecretControl.tsx";
import { SelectControl } from "./SelectControl.tsx";
import { TextControl } from "./TextControl.tsx";
import { TimeZoneControl } from "./TimeZoneControl.tsx";
import { ToggleControl } from "./ToggleControl.tsx";

type Draws = (props: ControlProps) => React.ReactNode;

const controls: Record<Control, Draws> = {
  text: TextControl,
  longText: LongTextControl,
  number: NumberControl,
  toggle: ToggleControl,
  select: SelectControl,
  pairs: PairsControl,
  list: ListControl,
  secret: SecretControl,
  json: JsonControl,
  date: DateControl,
  cron: CronControl,
  timeZone: TimeZoneControl,
  duration: DurationControl,
  conditions: ConditionsControl,
  cases: CasesControl,
};

export interface FormProps {
  fields: FieldSpec[];
  values: Values;
  onChange: (values: Values) => void;
  /** By field; shown as soon as they are given. */
  problems: Record<string, string>;
  /** Masks of secrets that are kept already. */
  kept?: Record<string, string>;
  /** Where the values are in the whole input; empty for the input itself. */
  path?: string;
}

export function Form(props: FormProps) {
  const [more, setMore] = useState(false);
  const moreId = useId();
  const shown = props.fields.filter((field) => isShown(field, props.values, props.fields));
  const plain = shown.filter((field) => !field.advanced);
  const advanced = shown.filter((field) => field.advanced);
  const open = more || advanced.some((field) => props.problems[field.key]);
  return (
    <Stack gap="md">
      <Fields {...props} fields={plain} />
      {advanced.length > 0 && (
        <>
          <Button
            variant="subtle"
            size="compact-sm"
            w="fit-content"
            leftSection={open ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />}
            aria-expanded={open}
            aria-controls={moreId}
            onClick={() => setMore(!more)}
          >
            More options
          </Button>
          <Collapse expanded={open} id={moreId}>
            <Stack gap="md">
              <Fields {...props} fields={advanced} />
            </Stack>
          </Collapse>
        </>
      )}
    </Stack>
  );
}

/** The controls alone, for a form and for each entry of a list. */
export function Fields({ fields, values, onChange, problems, kept, path = "" }: FormProps) {
  const pathOf = ({ key }: FieldSpec) => (path === "" ? key : `${path}.${key}`);
  return fields.map((field) => {
    const Draw = field.control === "list" && field.items ? RowsControl : controls[field.control];
    return (
      // A problem's way to its field; to the layout it is not there.
      <div key={field.key} data-field={pathOf(field)} style={{ display: "contents" }}>
        <Draw
          field={field}
          path={pathOf(field)}
          value={values[field.key]}
          problem={problems[field.key]}
          kept={kept?.[field.key]}
          onChange={(value) => onChange({ ...values, [field.key]: value })}
        />
      </div>
    );
  });
}
