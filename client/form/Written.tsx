// One text of a control that is made of several: with data of other steps where there are any, plain elsewhere.

import { TextInput } from "@mantine/core";
import { asText } from "./control.ts";
import { useFormPlace, type WritingProps } from "./form-place.ts";

export function Written(props: {
  label: string;
  path: string;
  value: unknown;
  onChange: (value: unknown) => void;
  placeholder?: string | undefined;
  kind?: WritingProps["kind"];
  wanting?: boolean;
}) {
  const { label, path, value, onChange, placeholder, kind = "line" } = props;
  const place = useFormPlace();
  if (place) {
    return (
      <place.Writing
        bare
        kind={kind}
        label={label}
        value={value}
        onChange={onChange}
        placeholder={placeholder}
        problem={place.problemAt(path)}
        wanting={props.wanting}
      />
    );
  }
  return (
    <TextInput
      aria-label={label}
      placeholder={placeholder}
      value={asText(value)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
