// What happens when a step has failed for good: the run stops, or goes on by the step's error port, which is an edge.

import { Button, Select } from "@mantine/core";
import type { Step } from "../../../shared/graph.ts";
import { stepOf } from "../../../shared/graph.ts";
import { useEditor } from "../editor-context.ts";
import classes from "./Panel.module.css";
import { drawError, eraseError, errorChoices, errorEdges } from "./step-changes.ts";

export function IfItFails({ step }: { step: Step }) {
  const graph = useEditor((state) => state.graph);
  const edit = useEditor((state) => state.edit);
  const edges = errorEdges(graph, step.id);
  const choices = errorChoices(graph, step.id);
  const names = edges.map(({ to }) => `“${stepOf(graph, to)?.name ?? to}”`).join(", ");
  return (
    <section className={classes.section}>
      <h3 className={classes.title}>If it fails</h3>
      {edges.length > 0 ? (
        <>
          <p className={classes.text}>
            The run goes on by the <b>error</b> port, with {names}. That step can use what went wrong:{" "}
            <span className="mono">{`{{${step.id}.error.sentence}}`}</span>
          </p>
          <Button
            size="compact-xs"
            variant="default"
            w="fit-content"
            onClick={() => edit(`Stop if “${step.name}” fails`, (now) => eraseError(now, step.id))}
          >
            Stop the run instead
          </Button>
        </>
      ) : (
        <>
          <p className={classes.text}>
            <b>The run stops</b> and shows as failed. To go on in another way, lead this step’s <b>error</b>{" "}
            port to a step: drag it on the canvas, or choose one here.
          </p>
          <Select
            size="xs"
            aria-label="Go on by the error port with"
            placeholder={choices.length > 0 ? "Go on with…" : "There is no step it could lead to yet"}
            disabled={choices.length === 0}
            data={choices.map(({ id, name }) => ({ value: id, label: name }))}
            value={null}
            onChange={(to) =>
              to && edit(`Error path of “${step.name}”`, (now) => drawError(now, step.id, to))
            }
          />
        </>
      )}
    </section>
  );
}
