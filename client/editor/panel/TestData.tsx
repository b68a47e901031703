// With which data a step is tried: the event, which can be changed here, and where the outputs before it come from.

import { Select } from "@mantine/core";
import { TRIGGER_ID } from "../../../shared/graph.ts";
import { useNow } from "../../ui/Ago.tsx";
import { agoText } from "../../ui/time.ts";
import type { DataSource } from "../data/data-sources.ts";
import { stepSamples } from "../data/step-samples.ts";
import { useChosenSample } from "../data/use-step-data.ts";
import { useEditorPlace } from "../editor-context.ts";
import classes from "./Panel.module.css";
import { sampleWords } from "./sample-words.ts";

export function TestData({ sources }: { sources: readonly DataSource[] }) {
  const { flow } = useEditorPlace();
  const { sample, samples } = useChosenSample();
  const now = useNow();
  const examples = sources.filter(({ stepId, origin }) => stepId !== TRIGGER_ID && origin === "example");
  return (
    <>
      {samples.length > 0 ? (
        <Select
          label="Event"
          size="xs"
          data={samples.map((one) => ({
            value: one.id,
            label: `${sampleWords(one)}, ${agoText(one.event.at, now)}`,
          }))}
          value={sample?.id ?? null}
          allowDeselect={false}
          checkIconPosition="right"
          onChange={(id) => stepSamples(flow.id).getState().choose(id)}
        />
      ) : (
        <p className={classes.text}>
          No event has come yet, so the trigger’s example data is used. Open the trigger to send a sample.
        </p>
      )}
      {examples.length > 0 && (
        <p className={classes.text}>
          Example data stands for {examples.map(({ name }) => `“${name}”`).join(", ")}: test{" "}
          {examples.length === 1 ? "that step" : "those steps"} first to use what they really give.
        </p>
      )}
    </>
  );
}
