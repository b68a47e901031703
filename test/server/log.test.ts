// What must not be in a log is not in it.

import { expect, test } from "vitest";
import { createLog, maskCatchKeys } from "../../server/log.ts";

function logged(human: boolean, about: object, message = "something happened"): string {
  const lines: string[] = [];
  createLog({ level: "debug", human, write: (line) => lines.push(line) }).info(about, message);
  return lines.join("");
}

test.each([true, false])("values under telling names are hidden at every depth (human: %s)", (human) => {
  const text = logged(human, {
    authorization: "Bearer CANARY",
    request: { headers: { cookie: "CANARY", "set-cookie": "CANARY", "x-api-key": "CANARY" } },
    fields: [{ password: "CANARY", botToken: "CANARY", clientSecret: "CANARY" }],
    runId: "run_1",
  });
  expect(text).not.toContain("CANARY");
  expect(text).toContain("run_1");
});

test("an error keeps its story and loses what clients hang on it", () => {
  const error = Object.assign(new Error("it broke", { cause: new Error("the disk") }), {
    code: "E1",
    config: { headers: "CANARY" },
    request: "CANARY",
    response: { data: "CANARY" },
  });
  const text = logged(false, { err: error });
  expect(text).not.toContain("CANARY");
  for (const part of ["it broke", "E1", "the disk", "log.test.ts"]) expect(text).toContain(part);
});

test("catch keys are masked wherever they stand", () => {
  const key = "abcdEFGHijklMNOPqrstUVWXyz012345";
  const text = logged(true, { url: `/catch/${key}` }, `POST http://localhost/catch/${key}/runs/run_1`);
  expect(text).not.toContain("EFGH");
  expect(text).toContain("/catch/abcd…/runs/run_1");
  expect(maskCatchKeys("no key here")).toBe("no key here");
});

test("for people it is one line, with the stack of an error below", () => {
  const text = logged(true, { err: new Error("it broke"), n: 1 });
  expect(text.split("\n")[0]).toMatch(/^\d\d:\d\d:\d\d info {2}something happened .*err=it broke.* n=1$/);
  expect(text).toContain("at ");
});
