// Trying one step with the data at hand: for real, or dry, which shows the request and sends nothing.

import { Button, Group } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { Step } from "../../../shared/graph.ts";
import type { ActionManifest } from "../../../shared/manifest.ts";
import { portsOf } from "../../../shared/manifest.ts";
import { call } from "../../api/call.ts";
import { toProblem } from "../../api/problem.ts";
import { Data } from "../../ui/Data.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { Badge } from "../../ui/StatusBadge.tsx";
import { durationText } from "../../ui/time.ts";
import { useDataPlace } from "../data/data-place.ts";
import { stepSamples } from "../data/step-samples.ts";
import { useEditorPlace } from "../editor-context.ts";
import classes from "./Panel.module.css";
import { SentRequests } from "./SentRequests.tsx";
import { TestData } from "./TestData.tsx";

export function useStepTest(step: Step, scope: Record<string, unknown>) {
  const { flow } = useEditorPlace();
  return useMutation({
    mutationFn: async (dryRun: boolean) => {
      const result = await call("testStep", { params: { id: flow.id }, body: { step, scope, dryRun } });
      return { ...result, dryRun };
    },
    meta: { problem: "in place" },
    onSuccess(result) {
      if (result.dryRun || result.problem || result.port === null) return;
      stepSamples(flow.id).getState().keepTest(step, result.output, Date.now());
    },
  });
}

export function StepTest(props: {
  step: Step;
  action: ActionManifest;
  test: ReturnType<typeof useStepTest>;
}) {
  const { step, action, test } = props;
  const { sources } = useDataPlace();
  const asks = action.repeat !== "safe";
  const refused = test.error ? toProblem(test.error) : undefined;
  return (
    <div className={classes.body}>
      <section className={classes.section}>
        <p className={classes.text}>
          The step is done once, by itself, with the data below.{" "}
          {asks ? (
            <>
              <b>Test</b> really does it: what it sends arrives. <b>Dry run</b> shows what would go out, and
              sends nothing.
            </>
          ) : (
            "It changes nothing outside of Flowcatch."
          )}
        </p>
        <TestData sources={sources} />
        <Group gap="xs">
          <Button
            size="xs"
            loading={test.isPending && test.variables === false}
            disabled={test.isPending}
            onClick={() => test.mutate(false)}
          >
            Test this step
          </Button>
          <Button
            size="xs"
            variant="default"
            loading={test.isPending && test.variables === true}
            disabled={test.isPending}
            onClick={() => test.mutate(true)}
          >
            Dry run
          </Button>
        </Group>
      </section>
      {refused && <ProblemNote sentence={refused.message} hint={refused.hint} urgent />}
      {test.data && <Result step={step} result={test.data} />}
    </div>
  );
}

function Result({
  step,
  result,
}: {
  step: Step;
  result: NonNullable<ReturnType<typeof useStepTest>["data"]>;
}) {
  const { manifests } = useEditorPlace();
  const { problem, requests, port, dryRun } = result;
  const way = portsOf(step, manifests).find(({ id }) => id === port)?.label;
  return (
    <section className={classes.section} aria-label="Result of the test" role="status">
      <div className={classes.result}>
        {problem ? (
          <Badge label="Failed" tone="red" />
        ) : dryRun && requests.length > 0 ? (
          <Badge label="Nothing was sent" tone="grey" />
        ) : (
          <Badge label="Done" tone="green" />
        )}
        {!dryRun && <span>in {durationText(result.durationMs)}</span>}
        {port === "stopped" ? (
          <span>The flow would stop here.</span>
        ) : (
          way && <span>The flow would go on by “{way}”.</span>
        )}
      </div>
      {problem && <ProblemNote sentence={problem.sentence} hint={problem.hint} />}
      {requests.length > 0 && (
        <>
          <h3 className={classes.title}>{dryRun ? "What would be sent" : "What was sent"}</h3>
          <SentRequests requests={requests} />
        </>
      )}
      {!problem && (!dryRun || requests.length === 0) && (
        <>
          <h3 className={classes.title}>Output</h3>
          <Data value={result.output} what="Output of the test" />
          {!dryRun && (
            <p className={classes.text}>The steps after this one use this output while you build the flow.</p>
          )}
        </>
      )}
      <details>
        <summary className={classes.text}>The fields as they were filled in</summary>
        <Data value={result.input} what="Input of the test" />
      </details>
    </section>
  );
}
