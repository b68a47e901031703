// One step of a run: what became of it, and when opened its problem, input, output and earlier attempts.

import { type Step, stepOf } from "../../shared/graph.ts";
import { portsOf } from "../../shared/manifest.ts";
import type { StepRun } from "../../shared/run.ts";
import { useNow } from "../ui/Ago.tsx";
import { ConnectorIcon } from "../ui/ConnectorIcon.tsx";
import { Data } from "../ui/Data.tsx";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import { StepBadge } from "../ui/StatusBadge.tsx";
import { agoText, durationText, momentText } from "../ui/time.ts";
import { AskPanel } from "./AskPanel.tsx";
import { Attempts } from "./Attempts.tsx";
import { LoopItems } from "./LoopItems.tsx";
import { Opener } from "./Opener.tsx";
import classes from "./StepList.module.css";
import type { RunFrame } from "./StepList.tsx";
import { isInside, type StepEntry, tookOf } from "./step-tree.ts";

export function StepItem({ entry, frame }: { entry: StepEntry; frame: RunFrame }) {
  const { run } = entry;
  const step = stepOf(frame.run.graph, entry.stepId);
  const does = step && (frame.manifests.actions.get(step.uses)?.name ?? step.uses);
  // Only where there was a choice.
  const chose = run.port !== null && !["main", "done"].includes(run.port) && run.status !== "skipped";
  const left = chose ? `left by “${labelOf(step, run.port, frame)}”` : "";
  const tries = run.attempt > 1 ? `attempt ${run.attempt}` : "";
  return (
    <li className={classes.entry} data-status={run.status}>
      <Opener
        icon={<ConnectorIcon uses={step?.uses ?? ""} manifests={frame.manifests} size={30} />}
        name={step?.name ?? entry.stepId}
        does={[does, left, tries].filter(Boolean).join(" · ")}
        figure={
          <>
            <span className={classes.took}>{tookOf(run)}</span>
            <StepBadge status={run.status} />
          </>
        }
        selected={frame.selected === run.path}
        holdsSelected={isInside(frame.selected, run.path)}
        startOpen={run.status === "failed" || run.status === "asking"}
      >
        <Details run={run} runId={frame.run.id} />
        {entry.items.length > 0 && <LoopItems entry={entry} frame={frame} />}
      </Opener>
    </li>
  );
}

function labelOf(step: Step | undefined, port: string | null, frame: RunFrame): string {
  const ports = step ? portsOf(step, frame.manifests) : [];
  return ports.find((one) => one.id === port)?.label || (port ?? "");
}

function Details({ run, runId }: { run: StepRun; runId: string }) {
  if (run.status === "skipped") {
    return (
      <p className={classes.remark}>The run did not come by here: it took another way before this step.</p>
    );
  }
  return (
    <>
      {run.status === "asking" && <AskPanel runId={runId} run={run} />}
      {run.problem && run.status !== "asking" && (
        <ProblemNote
          tone={run.status === "failed" ? "red" : "amber"}
          sentence={run.problem.sentence}
          hint={run.problem.hint}
        />
      )}
      {run.status === "waiting" && run.until !== null && <Until at={run.until} />}
      {run.startedAt !== null && (
        <p className={`${classes.remark} tabular`}>
          Began {momentText(run.startedAt)}
          {run.finishedAt !== null && `, took ${durationText(run.finishedAt - run.startedAt)}`}
          {run.attempt > 1 && `, attempt ${run.attempt}`}.
        </p>
      )}
      {/* Of a step that the server stopped in, nobody knows them. */}
      {!(run.status === "asking" && run.input === null) && (
        <div className={classes.data}>
          <section>
            <h3 className={classes.label}>Input</h3>
            <Data value={run.input} what="Input" />
          </section>
          <section>
            <h3 className={classes.label}>Output</h3>
            <Data value={run.output} what="Output" />
          </section>
        </div>
      )}
      {run.attempts.length > 0 && <Attempts attempts={run.attempts} />}
    </>
  );
}

function Until({ at }: { at: number }) {
  return <p className={classes.remark}>Goes on {agoText(at, useNow())}, by itself.</p>;
}
