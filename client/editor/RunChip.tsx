// On the editor's canvas: which run it shows, the runs before and after it, and the way back to the drawing alone.

import { ActionIcon, Anchor, Button, Tooltip } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconHistory, IconPencil } from "@tabler/icons-react";
import { Link } from "react-router";
import type { RunView } from "../api/runs.ts";
import { Took } from "../runs/Took.tsx";
import { Ago } from "../ui/Ago.tsx";
import { RunBadge } from "../ui/StatusBadge.tsx";
import { onlyStep, useView } from "./editor-view.ts";
import { LATEST, type LiveRun, OFF } from "./live-marks.ts";
import classes from "./RunChip.module.css";

export function RunChip({ live }: { live: LiveRun }) {
  const { run, hasRuns, older, newer, show } = live;
  if (!hasRuns) return null;
  return (
    <section
      className={classes.chip}
      aria-label="Run on the canvas"
      data-open={run !== undefined || undefined}
    >
      {run && (
        <>
          <Neighbour to={older} label="Earlier run" icon={<IconChevronLeft size={16} />} show={show} />
          <Neighbour to={newer} label="Later run" icon={<IconChevronRight size={16} />} show={show} />
          <Shown run={run} />
        </>
      )}
      {/* One and the same button, so that whoever pressed it stays on it. */}
      <Button
        key="toggle"
        variant="subtle"
        size="compact-sm"
        color="gray"
        className={classes.toggle}
        leftSection={
          run ? <IconPencil size={15} aria-hidden="true" /> : <IconHistory size={15} aria-hidden="true" />
        }
        onClick={() => show(run ? OFF : LATEST)}
      >
        {run ? "Back to drawing" : "Show last run"}
      </Button>
    </section>
  );
}

function Shown({ run }: { run: RunView }) {
  const step = useView(onlyStep);
  return (
    <>
      <span role="status" aria-label="Status of the shown run" className={classes.status}>
        <RunBadge status={run.status} />
      </span>
      <span className={classes.words}>
        <Anchor
          component={Link}
          to={`/runs/${run.id}${step === null ? "" : `?step=${step}`}`}
          className={classes.link}
        >
          Run
        </Anchor>{" "}
        <Ago at={run.createdAt} />
        <span className={classes.took}>
          {" · "}
          <Took run={run} />
          {run.versionNumber === null ? " · draft" : ` · version ${run.versionNumber}`}
        </span>
      </span>
    </>
  );
}

function Neighbour(props: {
  to: string | undefined;
  label: string;
  icon: React.ReactNode;
  show: (run: string) => void;
}) {
  const { to, label, icon, show } = props;
  return (
    <Tooltip label={label}>
      {/* Not `disabled`: that would take the focus from whoever arrived at the last one. */}
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={label}
        aria-disabled={to === undefined}
        data-disabled={to === undefined || undefined}
        onClick={() => to !== undefined && show(to)}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
