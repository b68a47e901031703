// What is said of a sample that was sent and taken, by what was answered.

import { expect, test } from "vitest";
import { plainWords, signedWords } from "../../../client/editor/panel/sent-words.ts";
import type { Conditions } from "../../../shared/field.ts";

const onlyIf: Conditions = { match: "all", rules: [{ left: "body.status", op: "equals", right: "paid" }] };
const LEFT_OUT = /^It was left out\. .*“only if” does not hold for it, so nothing was started/;
const message = "This is not what the flow is for, so nothing was started.";

test("without a run and without a problem, a signed sample was left out by the condition", () => {
  expect(signedWords("invoice.paid", null, onlyIf)).toMatch(LEFT_OUT);
});

test("where there is no condition, or it is Slack's own question, it was a handshake", () => {
  for (const [event, condition] of [
    ["invoice.paid", null],
    ["url_verification", onlyIf],
  ] as const)
    expect(signedWords(event, null, condition), event).toMatch(/^The sender asked whether somebody is there/);
});

test("a problem of the catch URL is said in its own words", () => {
  const problem = { code: "flow-paused", sentence: "The flow is paused." };
  expect(signedWords("invoice.paid", problem, onlyIf)).toBe("The flow is paused.");
});

test.each([
  { answer: { runId: "run_1" }, words: /^It arrived and started a run\.$/ },
  { answer: { runId: "run_1", duplicate: true }, words: /came before, so nothing was started twice/ },
  { answer: { sampleId: "smp_1", message: "The flow is paused." }, words: /kept as a sample/ },
  { answer: { message }, words: LEFT_OUT },
  { answer: { message: "ok" }, words: /an answer of its own/ },
  { answer: {}, words: /an answer of its own/ },
])("a plain sample that was answered with $answer", ({ answer, words }) => {
  expect(plainWords(answer, onlyIf)).toMatch(words);
});

test("without a condition the same message is one of the flow's own", () => {
  expect(plainWords({ message }, null)).toMatch(/an answer of its own/);
});
