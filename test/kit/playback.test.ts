// The player itself: it has to fail where a connector does something other than its example says.

import { expect, test } from "vitest";
import { z } from "zod";
import { action, done, type Example, type World } from "../../server/connectors/kit.ts";
import { Refused, TryLater } from "../../shared/problem.ts";
import { playAction, playExample } from "./playback.ts";

const url = "https://api.example.com/things";
const exchange = {
  request: { method: "POST", url, headers: { "X-Kind": "a" }, body: { a: 1, b: [2] } },
  response: { status: 200, body: { id: 7 } },
};
const example: Example = { name: "one", input: {}, exchanges: [exchange], output: { id: 7 } };
const mail = { from: "a@x.example", to: ["b@x.example"], subject: "Hi", messageKey: "k" };

function does(run: (world: World) => Promise<unknown>) {
  return action({
    name: "T",
    description: "",
    input: z.object({}),
    repeat: "safe",
    examples: [example],
    run: async (context) => done(await run(context)),
  });
}

const post = (json: unknown, headers: Record<string, string> = { "x-kind": "a", other: "b" }) =>
  does(async ({ http }) => (await http.json({ method: "POST", url, headers, json })).data);

test("an example that is met passes; other headers and the order of keys do not matter", async () => {
  await playExample(post({ b: [2], a: 1 }), example);
});

test.each([
  ["another body", post({ a: 1, b: [3] })],
  ["a body with more in it", post({ a: 1, b: [2], c: 3 })],
  ["another header", post({ a: 1, b: [2] }, { "x-kind": "b" })],
  ["a missing header", post({ a: 1, b: [2] }, {})],
  ["no request", does(async () => ({ id: 7 }))],
  [
    "another method",
    does(async ({ http }) => (await http.json({ method: "PUT", url, json: { a: 1, b: [2] } })).data),
  ],
  [
    "another address",
    does(
      async ({ http }) => (await http.json({ method: "POST", url: `${url}?a`, json: { a: 1, b: [2] } })).data,
    ),
  ],
  [
    "a second request",
    does(async ({ http }) => {
      const request = { method: "POST", url, headers: { "x-kind": "a" }, json: { a: 1, b: [2] } };
      await http.json(request);
      return (await http.json(request)).data;
    }),
  ],
  [
    "a request too many, its failure caught",
    does(async ({ http }) => {
      const request = { method: "POST", url, headers: { "x-kind": "a" }, json: { a: 1, b: [2] } };
      const { data } = await http.json(request);
      await http.json(request).catch(() => {});
      return data;
    }),
  ],
  ["a mail", does(async ({ mailer }) => mailer.send({ host: "x", port: 25, security: "none" }, mail))],
])("%s fails", async (_, wrong) => {
  await expect(playExample(wrong, example)).rejects.toThrow();
});

test("another output, port or outcome fails", async () => {
  const right = post({ a: 1, b: [2] });
  await expect(playExample(right, { ...example, output: { id: 8 } })).rejects.toThrow();
  await expect(playExample(right, { ...example, port: "other" })).rejects.toThrow("another port");
  await expect(playExample(right, { ...example, outcome: { kind: "wait" } })).rejects.toThrow();
});

test("a mail that was expected and not sent, or sent otherwise, fails", async () => {
  const receipt = { messageId: "<1>", accepted: ["b@x.example"], rejected: [], response: "250" };
  const mails = [{ server: { host: "x" }, mail: { to: ["b@x.example"] }, receipt }];
  const send = (to: string) =>
    does(({ mailer }) => mailer.send({ host: "x", port: 25, security: "none" }, { ...mail, to: [to] }));
  await playExample(send("b@x.example"), { name: "", input: {}, mails, output: receipt });
  await expect(
    playExample(send("c@x.example"), { name: "", input: {}, mails, output: receipt }),
  ).rejects.toThrow();
  await expect(
    playAction(
      does(async () => null),
      { input: {}, mails },
    ),
  ).rejects.toThrow("not sent");
});

test.each([
  [400, Refused],
  [401, Refused],
  [404, Refused],
  [408, TryLater],
  [429, TryLater],
  [500, TryLater],
  [503, TryLater],
])("an answer of %i throws what the real door throws", async (status, kind) => {
  const response = { status, headers: { "Retry-After": "7" }, body: "why" };
  const played = playAction(post({ a: 1, b: [2] }), { input: {}, exchanges: [{ ...exchange, response }] });
  await expect(played).rejects.toBeInstanceOf(kind);
  const error: unknown = await played.catch((thrown: unknown) => thrown);
  if (error instanceof TryLater) expect(error.retryAfterMs).toBe(7_000);
  if (error instanceof Refused) expect(error.problem.hint).toBe("why");
});
