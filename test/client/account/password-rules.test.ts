// What the first password must be.

import { expect, test } from "vitest";
import { emailProblem, passwordRules } from "../../../client/account/password-rules.ts";

const met = (password: string, again: string) => passwordRules(password, again).map((rule) => rule.met);

test("a password is long enough and typed the same twice", () => {
  expect(met("", "")).toEqual([false, false]);
  expect(met("short", "short")).toEqual([false, true]);
  expect(met("twelve chars", "twelve char")).toEqual([true, false]);
  expect(met("twelve chars", "twelve chars")).toEqual([true, true]);
});

test("an address is looked at roughly; the server has the last word", () => {
  expect(emailProblem(" ann@example.com ")).toBeUndefined();
  expect(emailProblem("")).toMatch(/^Enter/);
  expect(emailProblem("ann@example")).toMatch(/not an e-mail/);
});
