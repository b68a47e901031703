// The events to build with: “waiting for an event…” turns into the newest one; the last ones are chosen, edited, pinned.

import { ActionIcon, Button, Menu, Skeleton } from "@mantine/core";
import { IconDots, IconPencil, IconPin, IconPinFilled, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { TriggerManifest } from "../../../shared/manifest.ts";
import { type Sample, useDeleteSample, usePinSample } from "../../api/flows.ts";
import { Ago } from "../../ui/Ago.tsx";
import { Data } from "../../ui/Data.tsx";
import { stepSamples } from "../data/step-samples.ts";
import { useChosenSample } from "../data/use-step-data.ts";
import { useEditorPlace } from "../editor-context.ts";
import classes from "./Panel.module.css";
import { SampleDialog } from "./SampleDialog.tsx";
import { sampleWords } from "./sample-words.ts";

export function Samples({ trigger }: { trigger: TriggerManifest }) {
  const { flow } = useEditorPlace();
  const { sample, samples, isPending } = useChosenSample();
  const [editing, setEditing] = useState<{ name: string; data: unknown }>();
  const choose = (id: string) => stepSamples(flow.id).getState().choose(id);
  const fromExample = () => setEditing({ name: "My sample", data: sample?.event.data ?? trigger.sample });
  return (
    <section className={classes.section} aria-label="Events to build with">
      <h3 className={classes.title}>Events to build with</h3>
      <div aria-live="polite" className={classes.section}>
        {isPending ? (
          <Skeleton height={60} />
        ) : samples.length === 0 ? (
          <Waiting trigger={trigger} live={flow.status === "live"} />
        ) : (
          <>
            <p className={classes.text}>
              The steps show their fields filled in with the chosen one. New events appear here by themselves.
            </p>
            <ul className={classes.samples} aria-label="Samples">
              {samples.map((one) => (
                <SampleRow
                  key={one.id}
                  sample={one}
                  isChosen={one.id === sample?.id}
                  onChoose={() => choose(one.id)}
                  onEdit={() => setEditing({ name: nameOfCopy(one), data: one.event.data })}
                />
              ))}
            </ul>
          </>
        )}
      </div>
      {sample && <Data value={sample.event.data} what="Chosen event" />}
      <Button
        variant="default"
        size="compact-sm"
        w="fit-content"
        leftSection={<IconPlus size={14} />}
        onClick={fromExample}
      >
        Make one by hand
      </Button>
      <SampleDialog
        key={editing ? editing.name : "closed"}
        start={editing}
        onClose={() => setEditing(undefined)}
        onMade={choose}
      />
    </section>
  );
}

function Waiting({ trigger, live }: { trigger: TriggerManifest; live: boolean }) {
  return (
    <>
      <p className={classes.waiting}>
        <span className={classes.pulse} aria-hidden="true" />
        Waiting for an event…
      </p>
      <p className={classes.text}>
        {trigger.starts === "catch"
          ? "Send something to the catch URL, or a sample from above: it appears here at once."
          : "The first one comes when the schedule starts the flow."}
        {!live && trigger.starts === "catch" && " Until the flow is live it is only kept, and nothing runs."}
        {" Until then the steps use this example:"}
      </p>
      <Data value={trigger.sample} what="Example event" />
    </>
  );
}

function SampleRow(props: { sample: Sample; isChosen: boolean; onChoose: () => void; onEdit: () => void }) {
  const { sample } = props;
  const { flow } = useEditorPlace();
  const pin = usePinSample(flow.id);
  const remove = useDeleteSample(flow.id);
  const words = sampleWords(sample);
  // A run's event becomes a sample of its own when it is pinned; it stays the chosen one.
  const setPinned = (pinned: boolean) =>
    pin.mutate(
      { sampleId: sample.id, pinned },
      { onSuccess: (kept) => stepSamples(flow.id).getState().choose(kept.id) },
    );
  return (
    <li className={classes.sample} data-chosen={props.isChosen || undefined}>
      <button type="button" className={classes.choose} aria-pressed={props.isChosen} onClick={props.onChoose}>
        <span className={`${classes.sampleName} clip`}>{words}</span>
        <span className={classes.sampleText}>
          {FROM[sample.from]}, <Ago at={sample.event.at} />
        </span>
      </button>
      <ActionIcon
        variant={sample.pinned ? "light" : "subtle"}
        color={sample.pinned ? undefined : "gray"}
        size="sm"
        aria-label={sample.pinned ? `Let go of ${words}` : `Pin ${words}`}
        aria-pressed={sample.pinned}
        loading={pin.isPending}
        onClick={() => setPinned(!sample.pinned)}
      >
        {sample.pinned ? <IconPinFilled size={14} /> : <IconPin size={14} />}
      </ActionIcon>
      <Menu>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`Actions for ${words}`}>
            <IconDots size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={15} />} onClick={props.onEdit}>
            Edit a copy
          </Menu.Item>
          <Menu.Item
            leftSection={<IconTrash size={15} />}
            disabled={sample.from === "run"}
            onClick={() => remove.mutate(sample.id)}
          >
            {sample.from === "run" ? "Belongs to a run" : "Delete"}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}

const FROM: Record<Sample["from"], string> = {
  caught: "caught",
  run: "started a run",
  made: "made by hand",
};

function nameOfCopy(sample: Sample): string {
  return sample.from === "made" ? sample.name : `${sampleWords(sample)} (edited)`.slice(0, 200);
}
