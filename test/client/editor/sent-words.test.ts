// What is said of a sample that was sent and taken, by what was answered.

import { expect, test } from "vitest";
import { plainWords, signedWords } from "../../../client/editor/panel/sent-words.ts";

const LEFT_OUT = /^It was left out\. .*“only if” does not hold for it, so nothing was started/;

test("a signed sample is said to be left out, or to be a question, by its verdict", () => {
  const sent = { status: 200, runId: null, problem: null };
  expect(signedWords({ ...sent, verdict: "filtered" })).toMatch(LEFT_OUT);
  expect(signedWords({ ...sent, verdict: "handshake" })).toMatch(
    /^The sender asked whether somebody is there/,
  );
});

test("a problem of the catch URL is said in its own words", () => {
  const problem = { code: "flow-paused", sentence: "The flow is paused." };
  expect(signedWords({ status: 202, verdict: "asleep", runId: null, problem })).toBe("The flow is paused.");
});

test.each([
  { answer: { runId: "run_1" }, words: /^It arrived and started a run\.$/ },
  { answer: { runId: "run_1", duplicate: true }, words: /came before, so nothing was started twice/ },
  { answer: { sampleId: "smp_1", message: "The flow is paused." }, words: /kept as a sample/ },
  { answer: { filtered: true, message: "Nothing was started." }, words: LEFT_OUT },
  { answer: { message: "nothing was started" }, words: /an answer of its own/ },
  { answer: {}, words: /an answer of its own/ },
])("a plain sample that was answered with $answer", ({ answer, words }) => {
  expect(plainWords(answer)).toMatch(words);
});
