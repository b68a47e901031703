// Calls to the API: their addresses, their headers, and what a refusal becomes.

import { afterEach, expect, test, vi } from "vitest";
import { addressOf, call } from "../../../client/api/call.ts";
import { ApiProblem, problemOf, toProblem } from "../../../client/api/problem.ts";

afterEach(() => vi.unstubAllGlobals());

function answerWith(status: number, body: string): Request[] {
  const seen: Request[] = [];
  vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
    seen.push(new Request(`http://localhost${address}`, init));
    return new Response(status === 204 ? null : body, { status });
  });
  return seen;
}

async function refusalOf(promise: Promise<unknown>): Promise<ApiProblem> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ApiProblem) return error;
  throw new Error("It was not refused with a problem.");
}

test("parameters are filled in and escaped, and an empty query is left out", () => {
  expect(addressOf("/flows/{id}", { id: "a/b?c" })).toBe("/api/flows/a%2Fb%3Fc");
  expect(addressOf("/runs", undefined, { text: "a b", status: undefined, cursor: "", limit: 30 })).toBe(
    "/api/runs?text=a+b&limit=30",
  );
  expect(addressOf("/runs", undefined, {})).toBe("/api/runs");
});

test("what changes something carries the header that other sites cannot send; reading does not", async () => {
  const seen = answerWith(204, "");
  await call("signOut");
  expect(seen[0]?.method).toBe("DELETE");
  expect(seen[0]?.headers.get("x-flowcatch")).toBe("1");

  const read = answerWith(200, '{"needsOwner":true,"signedIn":null}');
  expect(await call("setup")).toEqual({ needsOwner: true, signedIn: null });
  expect(read[0]?.headers.has("x-flowcatch")).toBe(false);
});

test("a body goes out as JSON", async () => {
  const seen = answerWith(200, '{"id":"usr_1","email":"a@b.example","role":"owner"}');
  await call("signIn", { body: { email: "a@b.example", password: "secret" } });
  expect(seen[0]?.headers.get("content-type")).toBe("application/json");
  expect(await seen[0]?.json()).toEqual({ email: "a@b.example", password: "secret" });
});

test("a refusal carries the server's sentence, hint, field and every problem", async () => {
  const problems = [{ code: "field-required", sentence: "“Mail” needs a recipient.", stepId: "mail" }];
  answerWith(
    422,
    JSON.stringify({
      type: "/docs/problems#not-ready",
      title: "The draft is not ready.",
      status: 422,
      detail: "Mend what is listed.",
      code: "not-ready",
      field: "to",
      problems,
    }),
  );
  const refusal = await refusalOf(call("publishFlow", { params: { id: "flow_1" }, body: {} }));
  expect(refusal).toMatchObject({
    status: 422,
    code: "not-ready",
    message: "The draft is not ready.",
    hint: "Mend what is listed.",
    field: "to",
    problems,
  });
});

test.each([
  [401, "signed-out"],
  [404, "not-found"],
  [413, "too-large"],
  [429, "too-many"],
  [502, "not-ready"],
  [503, "not-ready"],
  [500, "unexplained"],
])("an answer %i that does not explain itself still becomes a sentence with a next move", (status, code) => {
  const problem = problemOf(status, "<html>Bad Gateway</html>");
  expect(problem.code).toBe(code);
  expect(problem.message).toMatch(/\.$/);
  expect(problem.hint).toBeTruthy();
});

test("no answer at all says that the server cannot be reached", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  expect(await refusalOf(call("flows"))).toMatchObject({ status: 0, code: "unreachable" });
});

test("a call that was given up is not a problem to show", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new DOMException("gone", "AbortError")));
  await expect(call("flows")).rejects.toMatchObject({ name: "AbortError" });
});

test("an answer of another form than agreed is refused", async () => {
  answerWith(200, '{"items":[{"id":1}]}');
  expect((await refusalOf(call("flows"))).code).toBe("unexpected-answer");
  answerWith(200, "<!doctype html>");
  expect((await refusalOf(call("flows"))).code).toBe("unexpected-answer");
});

test("anything thrown becomes a problem", () => {
  expect(toProblem(new TypeError("x is undefined"))).toMatchObject({ code: "bug", status: 0 });
  const problem = problemOf(404, undefined);
  expect(toProblem(problem)).toBe(problem);
});
