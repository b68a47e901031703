// Several texts, in order.

import { ActionIcon, Button, TagsInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { asText, type ControlProps, labels } from "./control.ts";
import { Frame } from "./Frame.tsx";
import { useFormPlace } from "./form-place.ts";
import { isWanting } from "./form-values.ts";
import classes from "./RowsControl.module.css";
import { Written } from "./Written.tsx";

export function ListControl(props: ControlProps) {
  const place = useFormPlace();
  if (place) return <WrittenList {...props} />;
  const entries = Array.isArray(props.value) ? props.value.map(asText) : [];
  return (
    <TagsInput
      {...labels(props)}
      placeholder={entries.length === 0 ? (props.field.placeholder ?? "Type, then Enter") : undefined}
      value={entries}
      onChange={props.onChange}
      allowDuplicates
      acceptValueOnBlur
    />
  );
}

/** Each entry may be data; one that is a list itself is laid out flat. A single text is a list of one. */
function WrittenList(props: ControlProps) {
  const { field, path, value } = props;
  const alone = typeof value === "string" && value !== "";
  const entries: unknown[] = Array.isArray(value) && value.length > 0 ? value : [alone ? value : ""];
  const onChange = (next: unknown[]) =>
    props.onChange(next.length <= 1 && (next[0] ?? "") === "" ? [] : next);
  return (
    <Frame control={props}>
      <div className={classes.rows}>
        {entries.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an entry is its place; all of its state is in the value
          <div key={index} className={classes.pair} style={{ marginTop: 0 }}>
            <div className={classes.cell}>
              <Written
                label={entries.length === 1 ? field.label : `${field.label} ${index + 1}`}
                path={alone ? path : `${path}.${index}`}
                placeholder={field.placeholder}
                value={entry}
                wanting={index === 0 && isWanting(field, value)}
                onChange={(next) => onChange(entries.map((one, at) => (at === index ? next : one)))}
              />
            </div>
            {entries.length > 1 && (
              <ActionIcon
                variant="subtle"
                color="gray"
                mt={3}
                aria-label={`${field.label}: remove entry ${index + 1}`}
                onClick={() => onChange(entries.filter((_, at) => at !== index))}
              >
                <IconTrash size={16} />
              </ActionIcon>
            )}
          </div>
        ))}
        {entries.at(-1) !== "" && (
          <Button
            variant="default"
            size="compact-sm"
            w="fit-content"
            leftSection={<IconPlus size={14} aria-hidden="true" />}
            onClick={() => onChange([...entries, ""])}
          >
            Add another
          </Button>
        )}
      </div>
    </Frame>
  );
}
