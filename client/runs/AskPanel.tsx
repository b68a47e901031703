// A step that was cut off in mid-flight: nobody knows whether it happened, so a person decides.

import { Button, Group, JsonInput } from "@mantine/core";
import { IconPlayerSkipForward, IconPlayerStop, IconRepeat } from "@tabler/icons-react";
import { useRef, useState } from "react";
import type { StepRun } from "../../shared/run.ts";
import { type Answer, useAnswerRun } from "../api/runs.ts";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import classes from "./StepList.module.css";

export function AskPanel({ runId, run }: { runId: string; run: StepRun }) {
  const answer = useAnswerRun(runId);
  const [skipping, setSkipping] = useState(false);
  const [text, setText] = useState("{}");
  const value = parse(text);
  const { path } = run;
  const place = useRef<HTMLDivElement>(null);

  /** The buttons go when the answer came: the focus stays at the step. */
  function decide(choice: Answer["choice"], more: { value?: unknown } = {}): void {
    const step = place.current?.closest("li")?.querySelector("button");
    const focus = () => step?.focus();
    void answer.mutateAsync({ path, choice, ...more }).then(focus, focus);
  }

  return (
    <ProblemNote
      tone="violet"
      sentence={run.problem?.sentence ?? "This step was cut off: it may have happened, or not."}
      hint={run.problem?.hint ?? "Look at the other side whether it happened, then decide."}
    >
      <Group gap="xs" mt={10} ref={place}>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconRepeat size={15} aria-hidden="true" />}
          loading={answer.isPending && answer.variables.choice === "repeat"}
          onClick={() => decide("repeat")}
        >
          Repeat
        </Button>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlayerSkipForward size={15} aria-hidden="true" />}
          aria-expanded={skipping}
          onClick={() => setSkipping(!skipping)}
        >
          Skip with a value
        </Button>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlayerStop size={15} aria-hidden="true" />}
          loading={answer.isPending && answer.variables.choice === "stop"}
          onClick={() => decide("stop")}
        >
          Stop
        </Button>
      </Group>
      {skipping && (
        <div className={classes.skip}>
          <JsonInput
            label="Output that later steps see"
            description="As JSON: what the step would have given."
            autosize
            minRows={3}
            maxRows={10}
            value={text}
            onChange={setText}
            error={value.ok ? undefined : "This is not valid JSON."}
          />
          <Button
            size="xs"
            mt={8}
            disabled={!value.ok}
            loading={answer.isPending && answer.variables.choice === "skip"}
            onClick={() => value.ok && decide("skip", { value: value.data })}
          >
            Skip the step
          </Button>
        </div>
      )}
    </ProblemNote>
  );
}

function parse(text: string): { ok: true; data: unknown } | { ok: false } {
  try {
    return { ok: true, data: text.trim() === "" ? null : JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}
