// What changed from one version to another, or to the draft: on the canvas, and field by field below it.

import { Button, Modal, Select, Text } from "@mantine/core";
import { IconArrowBackUp, IconArrowRight, IconEqual } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import type { Graph } from "../../shared/graph.ts";
import { differenceBetween, isSameGraph } from "../../shared/graph-difference.ts";
import type { Manifests } from "../../shared/manifest.ts";
import { type FlowView, useVersion, type VersionRow } from "../api/flows.ts";
import { DifferenceCanvas } from "../editor/DifferenceCanvas.tsx";
import { Empty } from "../ui/Empty.tsx";
import { LoadFailed } from "../ui/LoadFailed.tsx";
import { PageSkeleton } from "../ui/Skeletons.tsx";
import { DifferenceList } from "./DifferenceList.tsx";
import classes from "./VersionDifference.module.css";

/** A version's number, or the draft. */
export type Side = number | "draft";

interface Props {
  flow: FlowView;
  versions: VersionRow[];
  manifests: Manifests;
  onRestore: (version: VersionRow) => void;
}

export function VersionDifference(props: Props & { shown: [Side, Side] | null; onClose: () => void }) {
  const { shown, onClose, ...rest } = props;
  return (
    <Modal
      opened={shown !== null}
      onClose={onClose}
      size={980}
      title="What changed"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {shown && <Inside key={shown.join()} {...rest} first={shown} />}
    </Modal>
  );
}

function Inside({ flow, versions, manifests, onRestore, first }: Props & { first: [Side, Side] }) {
  const [from, setFrom] = useState<Side>(first[0]);
  const [to, setTo] = useState<Side>(first[1]);
  const before = useGraph(flow, from);
  const after = useGraph(flow, to);
  const error = before.error ?? after.error;
  const restorable = versions.find(({ number }) => number === from);
  return (
    <div className={classes.inside}>
      <div className={classes.sides}>
        <SideChoice label="From" flow={flow} versions={versions} value={from} onChange={setFrom} />
        <IconArrowRight size={18} aria-hidden="true" className={classes.arrow} />
        <SideChoice label="To" flow={flow} versions={versions} value={to} onChange={setTo} />
        {restorable && (
          <Button
            variant="default"
            leftSection={<IconArrowBackUp size={16} aria-hidden="true" />}
            onClick={() => onRestore(restorable)}
          >
            Restore version {restorable.number}
          </Button>
        )}
      </div>
      {error ? (
        <LoadFailed error={error} again={() => [before, after].forEach(({ again }) => void again())} />
      ) : before.graph && after.graph ? (
        <Compared before={before.graph} after={after.graph} manifests={manifests} />
      ) : (
        <PageSkeleton />
      )}
    </div>
  );
}

function Compared({ before, after, manifests }: { before: Graph; after: Graph; manifests: Manifests }) {
  const difference = useMemo(() => differenceBetween(before, after), [before, after]);
  if (isSameGraph(difference)) {
    return (
      <Empty
        icon={<IconEqual size={24} />}
        title="No difference"
        text="Both have the same steps, with the same settings and the same edges."
      />
    );
  }
  return (
    <>
      <div className={classes.canvas}>
        <DifferenceCanvas
          after={after}
          difference={difference}
          manifests={manifests}
          label="What changed, on the canvas"
        />
      </div>
      <DifferenceList before={before} after={after} difference={difference} manifests={manifests} />
    </>
  );
}

function SideChoice(props: {
  label: string;
  flow: FlowView;
  versions: VersionRow[];
  value: Side;
  onChange: (side: Side) => void;
}) {
  const { flow, versions, value } = props;
  const version = versions.find(({ number }) => number === value);
  return (
    <div className={classes.side}>
      <Select
        label={props.label}
        value={String(value)}
        onChange={(next) => next !== null && props.onChange(next === "draft" ? "draft" : Number(next))}
        data={[
          { value: "draft", label: "Draft" },
          ...versions.map(({ number, live }) => ({
            value: String(number),
            label: `Version ${number}${live ? " (live)" : ""}`,
          })),
        ]}
        allowDeselect={false}
        comboboxProps={{ withinPortal: true }}
      />
      <Text size="xs" c="dimmed" lineClamp={2} className={classes.note}>
        {version ? version.note || "Without a note." : `As ${flow.name} is being edited.`}
      </Text>
    </div>
  );
}

function useGraph(flow: FlowView, side: Side) {
  const version = useVersion(flow.id, side === "draft" ? null : side);
  return {
    graph: side === "draft" ? flow.draft : version.data?.graph,
    error: side === "draft" ? null : version.error,
    again: version.refetch,
  };
}
