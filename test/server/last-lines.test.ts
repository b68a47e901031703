// The last warnings and errors: newest first, no more than twenty, and nothing in them but sentence, time and run.

import { expect, test } from "vitest";
import { keepLastLines } from "../../server/last-lines.ts";
import { createLog } from "../../server/log.ts";
import { createFakeClock } from "../kit/clock.ts";

test("warnings and errors are kept, the newest first, and still logged", async () => {
  const written: string[] = [];
  const clock = createFakeClock(1_000);
  const { log, lines } = keepLastLines(
    createLog({ level: "debug", human: false, write: (line) => written.push(line) }),
    clock,
  );
  log.info({}, "nothing special");
  log.warn({ runId: "run_1" }, "this was odd");
  await clock.advance(500);
  log.error({ err: new Error("CANARY"), token: "CANARY", detail: "CANARY" }, "this went wrong");
  expect(lines()).toEqual([
    { at: 1_500, level: "error", sentence: "this went wrong", runId: null },
    { at: 1_000, level: "warn", sentence: "this was odd", runId: "run_1" },
  ]);
  expect(written).toHaveLength(3);
});

test("no more than twenty are kept", () => {
  const { log, lines } = keepLastLines(createLog({ level: "silent", human: false }), createFakeClock());
  for (let n = 1; n <= 50; n++) log.warn({}, `line ${n}`);
  expect(lines()).toHaveLength(20);
  expect(lines()[0]?.sentence).toBe("line 50");
});
