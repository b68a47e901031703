// The sentence on top of the health page: when all is well, and what it says when it is not.

import { describe, expect, test } from "vitest";
import { allIsWell, asSentence, findings, spanText } from "../../../client/health/health-words.ts";
import { aReport, NOW, quietHour } from "./fixtures.ts";

const sentences = (change: Parameters<typeof aReport>[0]) =>
  findings(aReport(change)).map(({ sentence }) => sentence);

describe("when all is well", () => {
  test.each([
    [{}, "Everything is running. No event in the last hour."],
    [
      { minutes: quietHour({ accepted: 1_240, succeeded: 1_240 }) },
      "Everything is running. 1,240 events in the last hour, none waiting.",
    ],
    [
      { minutes: quietHour({ accepted: 1 }), backlog: { queued: 1, running: 0, waiting: 0, asking: 0 } },
      "Everything is running. 1 event in the last hour, 1 about to begin.",
    ],
    [
      { minutes: quietHour({ accepted: 40, succeeded: 38, failed: 2 }) },
      "Everything is running. 40 events in the last hour, none waiting, 2 failed.",
    ],
  ])("it says so with the hour's events (%#)", (change, sentence) => {
    expect(findings(aReport(change))).toEqual([]);
    expect(allIsWell(aReport(change))).toBe(sentence);
  });

  test("a run that came in just now is no matter, and neither are some that wait for their time", () => {
    const oldestQueued = { runId: "run_1", flowId: "flow_1", flowName: "Orders", createdAt: NOW - 2_000 };
    const backlog = { queued: 1, running: 2, waiting: 40, asking: 0 };
    expect(sentences({ oldestQueued, backlog })).toEqual([]);
  });

  test("one failed run of two is no pattern", () => {
    expect(sentences({ minutes: quietHour({ succeeded: 1, failed: 1 }) })).toEqual([]);
  });
});

describe("what is wrong", () => {
  test("runs that wait too long are told with the age of the oldest, and lead to it", () => {
    const oldestQueued = { runId: "run_1", flowId: "flow_1", flowName: "Orders", createdAt: NOW - 250_000 };
    const backlog = { queued: 312, running: 20, waiting: 0, asking: 0 };
    expect(findings(aReport({ oldestQueued, backlog }))).toMatchObject([
      {
        tone: "amber",
        sentence: "312 runs are waiting to begin; the oldest for 4 minutes.",
        to: { path: "/runs/run_1" },
      },
    ]);
  });

  test("a disk that is nearly full is told before anything else, and in red when it is pressing", () => {
    const disk = { databaseBytes: 1, freeBytes: 80_000_000, flows: [] };
    const backlog = { queued: 0, running: 0, waiting: 0, asking: 2 };
    const found = findings(aReport({ disk, backlog }));
    expect(found.map(({ sentence }) => sentence)).toEqual([
      "The disk is nearly full: 80.0 MB are left.",
      "2 runs need you.",
    ]);
    expect(found[0]).toMatchObject({ tone: "red", hint: expect.stringContaining("RETENTION") });
    expect(sentences({ disk: { ...disk, freeBytes: 800_000_000 } })).toEqual([]);
    expect(sentences({ disk: { ...disk, freeBytes: null } })).toEqual([]);
  });

  test("an error of the log is told for ten minutes, a warning is not", () => {
    const line = { level: "error" as const, sentence: "a job failed; it is tried again", runId: "run_9" };
    expect(findings(aReport({ lines: [{ ...line, at: NOW - 60_000 }] }))).toMatchObject([
      {
        sentence: "The server had a problem lately: a job failed; it is tried again.",
        to: { path: "/runs/run_9" },
      },
    ]);
    const two = [NOW - 1_000, NOW - 2_000].map((at) => ({ ...line, at }));
    expect(sentences({ lines: two })[0]).toContain("2 problems in the last 10 minutes");
    expect(sentences({ lines: [{ ...line, at: NOW - 11 * 60_000 }] })).toEqual([]);
    expect(sentences({ lines: [{ ...line, at: NOW, level: "warn" }] })).toEqual([]);
  });

  test("many failed runs are told with their share, and lead to the list of them", () => {
    expect(findings(aReport({ minutes: quietHour({ succeeded: 28, failed: 12 }) }))).toMatchObject([
      { sentence: "12 of the last hour’s 40 runs failed.", to: { path: "/runs?status=failed&when=1h" } },
    ]);
  });

  test("every one of them says the next move", () => {
    const all = findings(
      aReport({
        disk: { databaseBytes: 1, freeBytes: 1, flows: [] },
        lines: [{ at: NOW, level: "error", sentence: "x", runId: null }],
        oldestQueued: { runId: "r", flowId: "f", flowName: "F", createdAt: NOW - 3_600_000 },
        backlog: { queued: 9, running: 0, waiting: 0, asking: 1 },
        minutes: quietHour({ failed: 10 }),
      }),
    );
    expect(all).toHaveLength(5);
    for (const { hint } of all) expect(hint.length).toBeGreaterThan(30);
  });
});

test("spans and sentences read like words", () => {
  expect([0, 12_000, 60_000, 250_000, 7_200_000, 3 * 86_400_000].map(spanText)).toEqual([
    "1 second",
    "12 seconds",
    "1 minute",
    "4 minutes",
    "2 hours",
    "3 days",
  ]);
  expect(asSentence("a job failed; it is tried again")).toBe("A job failed; it is tried again.");
  expect(asSentence("Done.")).toBe("Done.");
});
