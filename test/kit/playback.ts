// Plays an action against recorded exchanges: every one of them must happen, in order, and nothing else.

import assert from "node:assert/strict";
import { statusError } from "../../server/adapters/http-problems.ts";
import {
  type Action,
  EXAMPLE_KEY,
  type Example,
  type Exchange,
  type World,
} from "../../server/connectors/kit.ts";
import { findAction } from "../../server/connectors/registry.ts";
import { createWorld } from "../../server/engine/world.ts";
import type { HttpRequest, HttpResponse } from "../../server/ports/http.ts";
import type { Mail, SmtpServer } from "../../server/ports/mailer.ts";
import type { Outcome } from "../../shared/run.ts";

export const EXAMPLE_NOW = Date.UTC(2026, 0, 15, 12);

export interface Played {
  world: World;
  /** What was asked of the world, in order. */
  requests: HttpRequest[];
  /** Fails when something unexpected was asked for, or something expected was not. */
  finish(): void;
}

/** A world that answers from records. What does not match fails at once, and again in `finish` where it was caught. */
export function playBack(record: Pick<Example, "exchanges" | "mails" | "now">): Played {
  const exchanges = [...(record.exchanges ?? [])];
  const mails = [...(record.mails ?? [])];
  const now = record.now ?? EXAMPLE_NOW;
  const requests: HttpRequest[] = [];
  let broken: unknown;

  /** Remembers the first failure: a connector may catch it. */
  function strictly<T>(check: () => T): T {
    try {
      return check();
    } catch (error) {
      broken ??= error;
      throw error;
    }
  }

  const http = {
    async send(request: HttpRequest): Promise<HttpResponse> {
      requests.push(request);
      const exchange = strictly(() => {
        const next = exchanges.shift();
        assert.ok(next, `unexpected request: ${request.method} ${request.url}`);
        return next;
      });
      const sent = await bodyOf(request.body);
      strictly(() => checkRequest(exchange.request, request, sent));
      return answerOf(request, exchange.response, now);
    },
  };
  const mailer = {
    async send(server: SmtpServer, mail: Mail) {
      const expected = strictly(() => {
        const next = mails.shift();
        assert.ok(next, `unexpected mail to ${mail.to.join(", ")}`);
        assert.deepEqual(pick(server, next.server), comparable(next.server), "another mail server");
        assert.deepEqual(pick(mail, next.mail), comparable(next.mail), "another mail");
        return next;
      });
      return expected.receipt;
    },
    async verify() {},
  };
  return {
    world: createWorld({ http, mailer, clock: { now: () => now } }, () => new AbortController().signal),
    requests,
    finish() {
      if (broken !== undefined) throw broken;
      assert.deepEqual(
        exchanges.map(({ request }) => `${request.method} ${request.url}`),
        [],
        "these requests were expected and not sent",
      );
      assert.deepEqual(
        mails.map(({ mail }) => mail.to),
        [],
        "these mails were expected and not sent",
      );
    },
  };
}

/** The action of that name, such as "slack.sendMessage". */
export function actionOf(uses: string): Action {
  const action = findAction(uses);
  assert.ok(action, `there is no action ${uses}`);
  return action;
}

/** Runs an action as the engine would, with everything it asks for played back. Throws what the action throws. */
export async function playAction(
  action: Action,
  { input, auth, ...record }: Pick<Example, "input" | "auth" | "exchanges" | "mails" | "now">,
): Promise<Outcome> {
  const played = playBack(record);
  try {
    return await action.run({ ...played.world, input, auth, key: EXAMPLE_KEY });
  } finally {
    // Also when it threw: a refusal must not hide a request that was not expected.
    played.finish();
  }
}

/** Plays an example and compares what comes of it with what the example says. */
export async function playExample(action: Action, example: Example): Promise<Outcome> {
  const outcome = await playAction(action, example);
  if (example.outcome) assert.deepEqual(pick(outcome, example.outcome), comparable(example.outcome));
  else {
    assert.equal(outcome.kind, "done");
    if (outcome.kind === "done") {
      assert.deepEqual(comparable(outcome.output), comparable(example.output));
      assert.equal(outcome.port, example.port ?? "main", "left by another port");
    }
  }
  return outcome;
}

function checkRequest(expected: Exchange["request"], request: HttpRequest, sent: unknown): void {
  assert.equal(`${request.method} ${request.url}`, `${expected.method} ${expected.url}`);
  const headers = lowerCase(request.headers ?? {});
  const wanted = lowerCase(expected.headers ?? {});
  assert.deepEqual(pick(headers, wanted), wanted, "other headers");
  const isJson = typeof sent === "string" && typeof expected.body === "object" && expected.body !== null;
  assert.deepEqual(isJson ? JSON.parse(sent) : sent, expected.body, "another body");
}

/** As a record holds it: text, or the fields of a form with its files as base64. */
async function bodyOf(body: HttpRequest["body"]): Promise<unknown> {
  if (!(body instanceof FormData)) return body instanceof Uint8Array ? new TextDecoder().decode(body) : body;
  const fields: [string, unknown][] = [];
  for (const [name, value] of body) {
    if (typeof value === "string") fields.push([name, value]);
    else {
      const base64 = Buffer.from(await value.arrayBuffer()).toString("base64");
      fields.push([name, { filename: value.name, contentType: value.type, base64 }]);
    }
  }
  return Object.fromEntries(fields);
}

/** An error status throws what the real door throws. */
function answerOf(request: HttpRequest, response: Exchange["response"], now: number): HttpResponse {
  const headers = lowerCase(response.headers ?? {});
  const { body, status } = response;
  if (typeof body === "object" && !(body instanceof Uint8Array))
    headers["content-type"] ??= "application/json";
  const bytes =
    body === undefined
      ? new Uint8Array()
      : body instanceof Uint8Array
        ? body
        : new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
  if (status < 400) return { status, headers, body: bytes, url: request.url };
  const outgoing = {
    method: request.method,
    url: new URL(request.url),
    port: 443,
    headers: lowerCase(request.headers ?? {}),
    body: null,
  };
  throw statusError(outgoing, { status, headers, body: bytes }, now);
}

/** The properties of `actual` that `expected` names. */
function pick(actual: object, expected: object): unknown {
  return comparable(Object.fromEntries(Object.entries(actual).filter(([key]) => key in expected)));
}

/** Bytes as text, and without the properties that are undefined. */
function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString("base64")}`;
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, comparable(inner)]));
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function _never(): Promise<void> {
  return new Promise(() => {});
}
