// When a schedule is due: five parts, ready-made ones to begin with, and what it says in words.

import { Button, Group, TextInput } from "@mantine/core";
import { asText, type ControlProps, labels } from "./control.ts";
import { CRON_PRESETS, cronWords } from "./cron-words.ts";
import classes from "./RowsControl.module.css";

export function CronControl(props: ControlProps) {
  const text = asText(props.value);
  const words = cronWords(text);
  return (
    <div>
      <TextInput
        {...labels(props)}
        value={text}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => props.onChange(event.currentTarget.value)}
      />
      {words && <p className={classes.note}>{words}</p>}
      <Group gap={6} mt={6}>
        {CRON_PRESETS.map(({ label, cron }) => (
          <Button
            key={cron}
            size="compact-xs"
            variant={text.trim() === cron ? "light" : "default"}
            onClick={() => props.onChange(cron)}
          >
            {label}
          </Button>
        ))}
      </Group>
    </div>
  );
}
