// A flow with steps of every kind, and what a run of it came to: for faults that compare one end with another.

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Graph } from "../../shared/graph.ts";
import type { StepRun } from "../../shared/run.ts";
import { graph } from "../kit/graph.ts";
import type { Called } from "./ledger.ts";
import type { Target } from "./load.ts";
import { callStep } from "./stage.ts";

/** Values, a branch, calls side by side, a loop with calls, a wait, a call that fails at first, an error path. */
export function everyKind(target: Target): Graph {
  const retry = { attempts: 5, baseMs: 100, capMs: 100 };
  return graph(
    `trigger -> pick; pick:yes -> first -> each; pick:no -> other; first -> side
     each:each -> item; each:done -> pause -> flaky -> last; flaky:error -> sorry`,
    {
      pick: {
        uses: "logic.branch",
        input: {
          cases: [
            {
              id: "yes",
              name: "large",
              when: { match: "all", rules: [{ left: "{{trigger.body.total}}", op: "greater", right: 100 }] },
            },
          ],
        },
      },
      other: callStep(target, "other"),
      first: callStep(target, "first/{{trigger.body.total}}", { retry }),
      side: callStep(target, "side", { retry }),
      each: { uses: "logic.each", input: { items: "{{trigger.body.lines}}", concurrency: 2 } },
      item: callStep(target, "item/{{each.item}}", { retry }),
      pause: {
        uses: "logic.wait",
        input: { mode: "duration", duration: { amount: 1, unit: "seconds" } },
      },
      flaky: callStep(target, "flaky", { retry }),
      last: {
        uses: "logic.setFields",
        input: {
          fields: [
            { name: "value", value: "{{each.results[1].status}} of {{each.count}}, {{flaky.status}}" },
          ],
        },
      },
      sorry: callStep(target, "sorry"),
    },
  );
}

/** The event that takes the way through most of it. */
export const LARGE = { total: 250, lines: ["a", "b"] };

/** Fails the first call of each key to /flaky, and gives the same answer to everything else. */
export function flakyAnswers(): Target["behave"] {
  const failed = new Set<string>();
  return ({ path, key }: Called, response) => {
    response.sendDate = false;
    const fails = path === "/flaky" && !failed.has(key);
    if (fails) failed.add(key);
    response.writeHead(fails ? 503 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify({ path, ok: !fails }));
  };
}

export interface RunAsStored {
  id: string;
  status: string;
  steps: StepRun[];
}

/** Every run of the data folder, oldest first. */
export function storedRuns(folder: string): RunAsStored[] {
  const database = new DatabaseSync(join(folder, "flowcatch.db"), { readOnly: true, timeout: 5_000 });
  try {
    const stepsOf = database.prepare("SELECT step FROM step_runs WHERE run_seq = ? ORDER BY seq");
    return database
      .prepare("SELECT seq, id, status FROM runs ORDER BY seq")
      .all()
      .map(({ seq = null, id, status }) => ({
        id: String(id),
        status: String(status),
        steps: stepsOf.all(seq).map(({ step }) => JSON.parse(String(step))),
      }));
  } finally {
    database.close();
  }
}

/** What it came to as text: without the times (a wait's output is one) and without how often something was tried. */
export function essence({ status, steps }: RunAsStored): string {
  const lines = steps.map(({ path, status: its, port, output, problem }) =>
    JSON.stringify([path, its, port, path === "pause" ? null : output, problem?.code ?? null]),
  );
  return [status, ...lines.sort()].join("\n");
}
