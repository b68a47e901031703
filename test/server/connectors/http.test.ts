// The HTTP action where examples are not enough: credentials and where they go, bodies, answers.

import { describe, expect, test } from "vitest";
import type { Exchange } from "../../../server/connectors/kit.ts";
import { findConnector } from "../../../server/connectors/registry.ts";
import { Refused, TryLater } from "../../../shared/problem.ts";
import { actionOf, playAction, playBack } from "../../kit/playback.ts";

const action = actionOf("http.request");
const url = "https://api.example.com/x";

async function send(
  input: object,
  response: Exchange["response"],
  expected: Partial<Exchange["request"]> = {},
  auth?: Record<string, unknown>,
) {
  const request = { method: "GET", url, ...expected };
  const outcome = await playAction(action, {
    input: { url, ...input },
    ...(auth ? { auth } : {}),
    exchanges: [{ request, response }],
  });
  return outcome.kind === "done" ? outcome.output : outcome;
}

/** Nothing may go out: a request would fail the player. */
function refuse(input: object, auth?: Record<string, unknown>) {
  return expect(playAction(action, { input: { url, ...input }, ...(auth ? { auth } : {}) })).rejects;
}

const answer = (type: string | undefined, body: string | Uint8Array): Exchange["response"] => ({
  status: 200,
  headers: type === undefined ? {} : { "content-type": type },
  body,
});

describe("the answer", () => {
  test.each([
    ["application/json", '{"a":1}', { a: 1 }],
    ["application/problem+json; charset=utf-8", "[1]", [1]],
    [undefined, '{"a":1}', { a: 1 }],
    [undefined, "plain", "plain"],
    ["text/html", "<p>", "<p>"],
    ["text/csv; charset=iso-8859-1", new Uint8Array([0xe9]), "é"],
    ["text/plain; charset=nonsense", "é", "é"],
    ["application/json", "{not json", "{not json"],
    ["application/json", `${"[".repeat(65)}${"]".repeat(65)}`, `${"[".repeat(65)}${"]".repeat(65)}`],
    ["application/json", "", null],
    ["image/png", "", null],
    ["application/json", '{"__proto__":{"a":1}}', JSON.parse('{"__proto__":{"a":1}}')],
  ])("%s %j", async (type, body, expected) => {
    expect(await send({}, answer(type, body))).toMatchObject({ status: 200, body: expected });
  });

  test("anything that is not text is a file, ready to be sent on", async () => {
    expect(await send({}, answer("image/png", new Uint8Array([137, 80, 78, 71])))).toMatchObject({
      body: { contentType: "image/png", size: 4, base64: "iVBORw==" },
    });
  });

  test("can be read as what the person says it is", async () => {
    expect(await send({ answerAs: "json" }, answer("text/plain", "[1]"))).toMatchObject({ body: [1] });
    expect(await send({ answerAs: "text" }, answer("application/json", "[1]"))).toMatchObject({
      body: "[1]",
    });
    expect(await send({ answerAs: "file" }, answer("text/plain", "ab"))).toMatchObject({
      body: { contentType: "text/plain", size: 2, base64: "YWI=" },
    });
    await expect(send({ answerAs: "json" }, answer("text/plain", "no"))).rejects.toThrow(
      "can't be read as JSON",
    );
  });

  test("a redirect that is not followed is the result", async () => {
    const played = playBack({
      exchanges: [
        { request: { method: "GET", url }, response: { status: 302, headers: { Location: "/y" } } },
      ],
    });
    const outcome = await action.run({
      ...played.world,
      input: { url, followRedirects: false },
      auth: undefined,
      key: "k",
    });
    expect(outcome).toMatchObject({ output: { status: 302, headers: { location: "/y" } } });
    expect(played.requests[0]).toMatchObject({ redirects: 0, timeoutMs: 30_000, maxBytes: 5_000_000 });
  });

  test("errors of the other side go through unhandled", async () => {
    await expect(send({}, { status: 404, body: "nope" })).rejects.toBeInstanceOf(Refused);
    await expect(send({}, { status: 503 })).rejects.toBeInstanceOf(TryLater);
  });
});

describe("the request", () => {
  test("the key goes with POST and PATCH only, and the person's own comes first", async () => {
    const ok = { status: 204 };
    const key = { "idempotency-key": "run_example.step" };
    await send({ method: "PATCH" }, ok, { method: "PATCH", headers: key });
    await send({ method: "POST", headers: [{ name: "Idempotency-Key", value: "mine" }] }, ok, {
      method: "POST",
      headers: { "idempotency-key": "mine" },
    });
    for (const input of [{ method: "PUT" }, { method: "GET" }, { method: "POST", idempotencyKey: false }]) {
      const played = playBack({ exchanges: [{ request: { method: input.method, url }, response: ok }] });
      await action.run({ ...played.world, input: { url, ...input }, auth: undefined, key: "k" });
      expect(played.requests[0]?.headers).toEqual({});
    }
  });

  test("a GET carries no body, whatever an earlier method left in the form", async () => {
    await send({ bodyType: "json", json: { a: 1 } }, { status: 204 }, {});
  });

  test("JSON keeps its kind, also when it is a text, a number or nothing", async () => {
    for (const json of [{ a: "1" }, [1, null], null]) {
      await send(
        { method: "POST", bodyType: "json", json },
        { status: 204 },
        { method: "POST", body: JSON.stringify(json) },
      );
    }
    await send(
      { method: "POST", bodyType: "json", json: "text" },
      { status: 204 },
      { method: "POST", body: '"text"' },
    );
    await send({ method: "POST", bodyType: "json" }, { status: 204 }, { method: "POST", body: "null" });
  });

  test("the person's content type wins", async () => {
    await send(
      {
        method: "POST",
        bodyType: "json",
        json: {},
        headers: [{ name: "Content-Type", value: "application/vnd.api+json" }],
      },
      { status: 204 },
      { method: "POST", headers: { "content-type": "application/vnd.api+json" }, body: "{}" },
    );
  });

  test("an address keeps what was written in it, and values in the query are encoded", async () => {
    await send(
      {
        url: "https://api.example.com/a%2Fb?q=x%20y#part",
        query: [
          { name: "a&b", value: "c=d&e" },
          { name: "o", value: { x: 1 } },
        ],
      },
      { status: 204 },
      { url: "https://api.example.com/a%2Fb?q=x%20y&a%26b=c%3Dd%26e&o=%7B%22x%22%3A1%7D#part" },
    );
  });

  test("a file in the form is sent under a safe default name and type", async () => {
    await send(
      {
        method: "POST",
        bodyType: "multipart",
        form: [
          { name: "f", value: { base64: "YQ==" } },
          { name: "l", value: ["1", "2"] },
        ],
      },
      { status: 204 },
      {
        method: "POST",
        body: { f: { filename: "file", contentType: "application/octet-stream", base64: "YQ==" }, l: "2" },
      },
    );
  });

  test.each(["ftp://x/y", "javascript:alert(1)", "not a url", "//host/path", "api.example.com/x"])(
    "the address %s is refused",
    async (bad) => {
      await refuse({ url: bad }).toThrow("not the address");
    },
  );

  test("an address that is refused is shown without what may be a key", async () => {
    await refuse({ url: "x?key=s3cr3t" }).toSatisfy((error: Error) => !error.message.includes("s3cr3t"));
  });

  test.each([
    [{ name: "X-A", value: "1\r\nX-B: 2" }, "line break"],
    [{ name: "X-A\r\nX-B", value: "2" }, "name of a header"],
    [{ name: "Host", value: "evil.example" }, "can't be set"],
    [{ name: "Transfer-Encoding", value: "chunked" }, "can't be set"],
  ])("the header %j is refused", async (header, why) => {
    await refuse({ headers: [header] }).toThrow(why);
  });

  test.each([
    [{ timeoutSeconds: 121 }],
    [{ timeoutSeconds: 0 }],
    [{ maxMegabytes: 11 }],
    [{ method: "TRACE" }],
    [{ url: "" }],
  ])("%j is refused", async (input) => {
    await refuse(input).toBeInstanceOf(Refused);
  });
});

describe("credentials", () => {
  const bearer = (allowedHosts?: string) => ({ kind: "bearer", token: "t0ken", allowedHosts });

  test.each([
    [undefined, true],
    ["", true],
    ["api.example.com", true],
    ["API.Example.com", true],
    ["other.example, api.example.com", true],
    ["*.example.com", true],
    ["api.example.com:443", false],
    ["example.com", false],
    ["*.api.example.com", false],
    ["*.ample.com", false],
    ["*", false],
    ["api.example.com.evil.example", false],
  ])("allowed hosts %j: sent to api.example.com? %s", async (allowed, isSent) => {
    if (isSent) {
      await send({}, { status: 204 }, { headers: { authorization: "Bearer t0ken" } }, bearer(allowed));
    } else await refuse({}, bearer(allowed)).toThrow("must not be sent to api.example.com");
  });

  test("a port is part of the host where it is named", async () => {
    const target = "https://api.example.com:8443/x";
    await send({ url: target }, { status: 204 }, { url: target }, bearer("api.example.com:8443"));
  });

  test("a token pasted with its “Bearer” is not sent with two", async () => {
    await send(
      {},
      { status: 204 },
      { headers: { authorization: "Bearer abc" } },
      { kind: "bearer", token: "Bearer abc" },
    );
  });

  test("they win over a header of the same name in the step", async () => {
    await send(
      { headers: [{ name: "Authorization", value: "Basic x" }] },
      { status: 204 },
      { headers: { authorization: "Bearer t0ken" } },
      bearer(),
    );
  });

  test("a key with a line break is refused", async () => {
    await refuse({}, { kind: "bearer", token: "a\r\nX: 1" }).toThrow("line break");
    await refuse({}, { kind: "header", keyName: "x y", key: "1" }).toThrow("name of a header");
  });

  test.each([
    [{ kind: "bearer" }, "Token"],
    [{ kind: "basic", password: "p" }, "User name"],
    [{ kind: "header", key: "k" }, "Name"],
    [{ kind: "query", keyName: "k" }, "Key"],
  ])("%j lacks “%s”", async (auth, label) => {
    await refuse({}, auth).toThrow(`“${label}” is missing`);
  });

  test("the key in the address is not in the result, also when the address has another of that name", async () => {
    const auth = { kind: "query", keyName: "key", key: "s3cr3t" };
    const output = await send({ url: `${url}?a=1` }, { status: 204 }, { url: `${url}?a=1&key=s3cr3t` }, auth);
    expect(output).toMatchObject({ url: `${url}?a=1` });
  });

  test("the check calls the test address, or says that there is none", async () => {
    const kind = findConnector("http")?.connection;
    const played = playBack({
      exchanges: [
        { request: { method: "GET", url, headers: { "x-key": "k" } }, response: { status: 200, body: {} } },
        { request: { method: "GET", url }, response: { status: 401 } },
      ],
    });
    const auth = { kind: "header", keyName: "X-Key", key: "k", testUrl: url };
    expect(await kind?.check({ ...played.world, auth })).toContain("credentials work");
    await expect(kind?.check({ ...played.world, auth })).rejects.toThrow("401");
    expect(await kind?.check({ ...played.world, auth: { ...auth, testUrl: "" } })).toContain(
      "Without a test address",
    );
    await expect(
      kind?.check({ ...played.world, auth: { ...auth, allowedHosts: "other.example" } }),
    ).rejects.toThrow("must not be sent");
    played.finish();
  });
});
