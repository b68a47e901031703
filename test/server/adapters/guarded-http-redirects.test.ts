// Redirects: each hop is checked like a first address, and keys stay with the origin they were meant for.

import { describe, expect, test } from "vitest";
import { createAddressGuard } from "../../../server/adapters/address-guard.ts";
import { Refused } from "../../../shared/problem.ts";
import { failure, openHttp, respond } from "./http-door.ts";
import { startHttp, startTcp } from "./loopback.ts";

const redirectTo = (status: number, location: string) => respond(status, "", { location });
const CODES = [301, 302, 303, 307, 308];

describe("redirects", () => {
  test.each(CODES)("%i to an inside address is refused and never sent", async (status) => {
    const canary = await startTcp((socket) => socket.end());
    const places = [
      `http://127.0.0.1:${canary.port}/`,
      `//127.0.0.1:${canary.port}/`,
      `http://2130706433:${canary.port}/`,
      `http://localhost:${canary.port}/`,
      `https://[::ffff:127.0.0.1]:${canary.port}/`,
      "http://169.254.169.254/latest/meta-data/",
    ];
    for (const place of places) {
      const target = await startHttp(redirectTo(status, place));
      const guard = createAddressGuard({ allow: [`127.0.0.1:${target.port}`] });
      const error = await failure({ method: "GET", url: `http://127.0.0.1:${target.port}/` }, { guard });
      expect(error).toBeInstanceOf(Refused);
      expect(error.problem.code).toBe("http-address-not-allowed");
      expect(target.requests).toHaveLength(1);
    }
    expect(canary.connections).toBe(0);
  });

  test.each([
    "gopher://127.0.0.1:70/",
    "file:///etc/passwd",
    "ftp://example.com/",
    "http://a:b@example.com/",
    "http://[",
  ])("to %s is refused", async (location) => {
    const target = await startHttp(redirectTo(302, location));
    const error = await failure({ method: "GET", url: `http://127.0.0.1:${target.port}/` });
    expect(error).toBeInstanceOf(Refused);
    expect(error.problem.code).toBe("http-bad-url");
  });

  test.each([
    [301, "POST", "GET", ""],
    [302, "POST", "GET", ""],
    [303, "POST", "GET", ""],
    [307, "POST", "POST", "body"],
    [308, "POST", "POST", "body"],
    [301, "PUT", "PUT", "body"],
    [303, "PUT", "GET", ""],
    [303, "HEAD", "HEAD", ""],
    [302, "HEAD", "HEAD", ""],
  ])("%i turns a %s into a %s", async (status, method, then, body) => {
    const target = await startHttp((request, response) => {
      if (request.url === "/old") response.writeHead(status, { location: "new" }).end("moved");
      else response.end();
    });
    const answer = await openHttp().send({
      method,
      url: `http://127.0.0.1:${target.port}/old`,
      headers: { "content-type": "text/plain", authorization: "Bearer key" },
      body: method === "HEAD" ? undefined : "body",
    });
    expect(answer.url).toBe(`http://127.0.0.1:${target.port}/new`);
    expect(target.requests[1]).toMatchObject({ method: then, url: "/new", body });
    expect(target.requests[1]?.headers["content-type"]).toBe(then === method ? "text/plain" : undefined);
    // The same origin: the key was meant for it.
    expect(target.requests[1]?.headers.authorization).toBe("Bearer key");
  });

  test("keys are not taken to another origin, nor back again", async () => {
    const secrets = {
      Authorization: "Bearer CANARY",
      Cookie: "CANARY",
      "Proxy-Authorization": "CANARY",
      "X-Api-Key": "CANARY",
      "api-key": "CANARY",
      "X-Auth-Token": "CANARY",
      "X-Anything": "CANARY",
    };
    const first = await startHttp((request, response) => {
      if (request.url === "/back") response.end();
      else response.writeHead(307, { location: `http://127.0.0.1:${second.port}/` }).end();
    });
    const second = await startHttp((_, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${first.port}/back` }).end();
    });
    await openHttp().send({
      method: "POST",
      url: `http://127.0.0.1:${first.port}/`,
      headers: { ...secrets, "Content-Type": "text/plain", "Idempotency-Key": "run-1" },
      body: "body",
    });
    expect(first.requests[0]?.headers).toMatchObject({
      authorization: "Bearer CANARY",
      "x-api-key": "CANARY",
    });
    for (const request of [second.requests[0], first.requests[1]]) {
      expect(JSON.stringify(request)).not.toContain("CANARY");
      expect(request).toMatchObject({
        body: "body",
        headers: { "content-type": "text/plain", "idempotency-key": "run-1" },
      });
    }
  });

  test("another name, another scheme and another port are other origins", async () => {
    for (const place of ["http://b.test:PORT/end", "http://127.0.0.1:PORT/end"]) {
      const target = await startHttp((request, response) => {
        if (request.url === "/end") response.end();
        else response.writeHead(302, { location: place.replace("PORT", String(target.port)) }).end();
      });
      await openHttp().send({
        method: "GET",
        url: `http://a.test:${target.port}/`,
        headers: { "x-api-key": "CANARY" },
      });
      expect(JSON.stringify(target.requests[1])).not.toContain("CANARY");
    }
  });

  test("a loop ends after five redirects", async () => {
    const target = await startHttp((request, response) => {
      response.writeHead(302, { location: `/${Number(request.url?.slice(1)) + 1}` }).end();
    });
    const error = await failure({ method: "GET", url: `http://127.0.0.1:${target.port}/0` });
    expect(error).toBeInstanceOf(Refused);
    expect(error.problem.code).toBe("http-redirects");
    expect(target.requests.map((request) => request.url)).toEqual(["/0", "/1", "/2", "/3", "/4", "/5"]);
  });

  test("20 redirects are followed when asked for, and not one more", async () => {
    const target = await startHttp((request, response) => {
      const hop = Number(request.url?.slice(1));
      if (hop === 20) response.end("there");
      else response.writeHead(302, { location: `/${hop + 1}` }).end();
    });
    const url = `http://127.0.0.1:${target.port}/0`;
    const answer = await openHttp().send({ method: "GET", url, redirects: 20 });
    expect(Buffer.from(answer.body).toString()).toBe("there");
    const error = await failure({ method: "GET", url, redirects: 19 });
    expect(error.problem.code).toBe("http-redirects");
  });

  test("with 0 the redirect itself comes back", async () => {
    const target = await startHttp(redirectTo(302, "http://127.0.0.1:1/"));
    const answer = await openHttp().send({
      method: "GET",
      url: `http://127.0.0.1:${target.port}/`,
      redirects: 0,
    });
    expect(answer).toMatchObject({ status: 302, headers: { location: "http://127.0.0.1:1/" } });
  });

  test.each([300, 302, 304])("%i without a place to go comes back", async (status) => {
    const target = await startHttp(respond(status));
    const answer = await openHttp().send({ method: "GET", url: `http://127.0.0.1:${target.port}/` });
    expect(answer.status).toBe(status);
  });

  test("the time is for the whole way, not for each hop", async () => {
    const target = await startHttp((_, response) => {
      setTimeout(() => response.writeHead(302, { location: "/again" }).end(), 60);
    });
    const started = performance.now();
    const error = await failure({
      method: "GET",
      url: `http://127.0.0.1:${target.port}/`,
      redirects: 100,
      timeoutMs: 200,
    });
    expect(error.problem.code).toBe("http-timeout");
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
