// How the flow's catch URL catches: what holds in a line each, and a form behind every line that is saved by itself.

import { Button, Skeleton } from "@mantine/core";
import { useState } from "react";
import { useCatching, useSenders } from "../../api/catching.ts";
import { toProblem } from "../../api/problem.ts";
import type { Values } from "../../form/form-values.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import panel from "../panel/Panel.module.css";
import { answer } from "./answer.ts";
import classes from "./Catching.module.css";
import { CatchRow } from "./CatchRow.tsx";
import { Detective } from "./Detective.tsx";
import { lists, onlyIf } from "./only-if.ts";
import { pressure } from "./pressure.ts";
import { choiceOf } from "./senders.ts";
import { twice } from "./twice.ts";
import { who } from "./who.ts";

const SECTIONS = [who, twice, answer, onlyIf, lists, pressure];

export function Catching({ flowId }: { flowId: string }) {
  const catching = useCatching(flowId);
  const senders = useSenders();
  /** What is being written, by section; those that are closed are not in it. */
  const [open, setOpen] = useState<Record<string, Values>>({});
  /** What was saved last. */
  const [saved, setSaved] = useState<string>();
  const write = (id: string, values: Values | null) => {
    setSaved(undefined);
    setOpen(({ [id]: _, ...others }) => (values === null ? others : { ...others, [id]: values }));
  };
  const error = catching.error ?? senders.error;
  if (error && (!catching.data || !senders.data)) {
    const problem = toProblem(error);
    return (
      <section className={panel.section}>
        <h3 className={panel.title}>How it catches</h3>
        <ProblemNote sentence={problem.message} hint={problem.hint}>
          <Button
            variant="default"
            size="compact-xs"
            mt={6}
            onClick={() => {
              void catching.refetch();
              void senders.refetch();
            }}
          >
            Try again
          </Button>
        </ProblemNote>
      </section>
    );
  }
  const known = senders.data ?? [];
  const view = catching.data;
  const isReady = view !== undefined && senders.data !== undefined;
  return (
    <section className={panel.section} aria-labelledby="catching-title">
      <h3 className={panel.title} id="catching-title">
        How it catches
      </h3>
      {!isReady ? (
        <Skeleton height={300} radius="md" role="status" aria-label="Loading how it catches" />
      ) : (
        <>
          {view.looksLike && (
            <Detective
              found={view.looksLike}
              onAccept={({ preset }) =>
                write(who.id, {
                  ...(open[who.id] ?? who.read(view.settings)),
                  sender: choiceOf(preset),
                  asked: Date.now(),
                })
              }
            />
          )}
          <div className={classes.rows}>
            {SECTIONS.map((section) => (
              <CatchRow
                key={section.id}
                flowId={flowId}
                section={section}
                view={view}
                senders={known}
                values={open[section.id] ?? null}
                saved={section.id === saved}
                onWrite={(values) => write(section.id, values)}
                onSaved={() => {
                  write(section.id, null);
                  setSaved(section.id);
                }}
              />
            ))}
          </div>
          <p className={panel.text}>
            What you save here <b>counts at once, also for the published version</b>. It is no part of the
            draft.
          </p>
        </>
      )}
    </section>
  );
}
