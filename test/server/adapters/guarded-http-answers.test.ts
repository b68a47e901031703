// What answers do to us: limits, broken answers, statuses, time, and being told to stop.

import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createAddressGuard } from "../../../server/adapters/address-guard.ts";
import { Refused, TryLater } from "../../../shared/problem.ts";
import { failure, NOW, openHttp, respond } from "./http-door.ts";
import {
  closeAfterTest,
  findClosedPort,
  readCert,
  startHttp,
  startHttps,
  startRaw,
  startTcp,
} from "./loopback.ts";

const get = (port: number) => ({ method: "GET", url: `http://127.0.0.1:${port}/` });
const packed = (encoding: string, body: Buffer, status = 200) =>
  Buffer.concat([
    Buffer.from(
      `HTTP/1.1 ${status} X\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${body.length}\r\n\r\n`,
    ),
    body,
  ]);

describe("size", () => {
  test("an answer of exactly the limit passes, one byte more is refused", async () => {
    const target = await startHttp((_, response) => response.end("x".repeat(1_000)));
    const answer = await openHttp().send({ ...get(target.port), maxBytes: 1_000 });
    expect(answer.body).toHaveLength(1_000);
    const error = await failure({ ...get(target.port), maxBytes: 999 });
    expect(error).toBeInstanceOf(Refused);
    expect(error.problem).toMatchObject({
      code: "http-too-large",
      sentence: "The answer is larger than 999 bytes.",
    });
  });

  test("an endless answer is cut off", async () => {
    let hungUp = false;
    const target = await startHttp((_, response) => {
      response.on("close", () => {
        hungUp = true;
      });
      const pour = () => {
        while (response.write("x".repeat(16_384)));
        response.once("drain", pour);
      };
      pour();
    });
    const error = await failure({ ...get(target.port), maxBytes: 1024 * 1024 });
    expect(error.problem.code).toBe("http-too-large");
    await expect.poll(() => hungUp).toBe(true);
  });

  test("a declared size over the limit is refused without reading", async () => {
    const target = await startRaw("HTTP/1.1 200 OK\r\nContent-Length: 500000000\r\n\r\n", () => {});
    const error = await failure({ ...get(target.port), timeoutMs: 5_000 });
    expect(error.problem).toMatchObject({
      code: "http-too-large",
      sentence: "The answer is larger than 10 MB.",
    });
  });

  test.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
    ["zstd", zstdCompressSync],
  ])("a small %s answer that unfolds to 64 MB is refused", async (encoding, pack) => {
    const bomb = pack(Buffer.alloc(64 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(1024 * 1024);
    const target = await startRaw(packed(encoding, bomb));
    const before = process.memoryUsage.rss();
    const error = await failure(get(target.port));
    expect(error).toBeInstanceOf(Refused);
    expect(error.problem.code).toBe("http-too-large");
    expect(process.memoryUsage.rss() - before).toBeLessThan(40 * 1024 * 1024);
  });

  test.each([
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["GZIP", gzipSync],
    ["deflate", deflateSync],
    ["deflate", deflateRawSync],
    ["br", brotliCompressSync],
    ["zstd", zstdCompressSync],
    ["identity", (body: Buffer) => body],
  ])("%s is unpacked", async (encoding, pack) => {
    const target = await startRaw(packed(encoding, pack(Buffer.from("hello ".repeat(100)))));
    const answer = await openHttp().send({ ...get(target.port), maxBytes: 600 });
    expect(Buffer.from(answer.body).toString()).toBe("hello ".repeat(100));
  });

  test("an empty packed body is an empty body", async () => {
    const target = await startRaw(packed("gzip", Buffer.alloc(0)));
    expect((await openHttp().send(get(target.port))).body).toHaveLength(0);
  });

  test.each(["gzip, gzip", "gzip, br", "compress", "gzip;q=1"])(
    "the encoding “%s” is refused",
    async (encoding) => {
      const target = await startRaw(packed(encoding, gzipSync(gzipSync("x"))));
      const error = await failure(get(target.port));
      expect(error).toBeInstanceOf(Refused);
      expect(error.problem.code).toBe("http-bad-answer");
    },
  );

  test("headers over 16 KB are refused", async () => {
    const target = await startRaw(`HTTP/1.1 200 OK\r\nX-Long: ${"x".repeat(17_000)}\r\n\r\n`);
    const error = await failure(get(target.port));
    expect(error).toBeInstanceOf(Refused);
    expect(error.problem.code).toBe("http-too-large");
  });

  test("endless headers are refused", async () => {
    const target = await startRaw("HTTP/1.1 200 OK\r\n", (socket) => {
      const pour = () => {
        while (!socket.destroyed && socket.write("X-More: and more\r\n".repeat(100)));
        if (!socket.destroyed) socket.once("drain", pour);
      };
      pour();
    });
    const error = await failure({ ...get(target.port), timeoutMs: 5_000 });
    expect(error.problem.code).toBe("http-too-large");
  });
});

describe("broken answers can be tried again", () => {
  test("a closed port", async () => {
    const error = await failure(get(await findClosedPort()));
    expect(error).toBeInstanceOf(TryLater);
    expect(error.problem.code).toBe("http-network");
  });

  test("a name that is not found", async () => {
    const notFound = Object.assign(new Error("getaddrinfo ENOTFOUND typo.test"), { code: "ENOTFOUND" });
    const guard = createAddressGuard({ allow: [], resolve: () => Promise.reject(notFound) });
    const error = await failure({ method: "GET", url: "https://typo.test/" }, { guard });
    expect(error).toBeInstanceOf(TryLater);
    expect(error.problem).toMatchObject({ code: "http-network", sentence: "typo.test could not be found." });
    expect(error).toMatchObject({ maybeDone: false });
  });

  test.each<[string, string | undefined]>([
    ["nothing at all", ""],
    ["half a header", "HTTP/1.1 200 OK\r\nContent-Le"],
    ["less than its Content-Length", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"],
    ["half a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf"],
  ])("%s, then the end", async (_, bytes = "") => {
    const target = await startRaw(bytes);
    const error = await failure(get(target.port));
    expect(error).toBeInstanceOf(TryLater);
    expect(error.problem.code).toBe("http-network");
    expect(error).toMatchObject({ maybeDone: true });
  });

  test("a port where nobody listens: the other side has heard nothing", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    expect(await failure(get(port))).toMatchObject({ problem: { code: "http-network" }, maybeDone: false });
  });

  test.each([
    ["before the headers", ""],
    ["after the headers", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"],
  ])("a connection reset %s", async (_, bytes) => {
    const target = await startRaw(bytes, (socket) => socket.resetAndDestroy());
    const error = await failure(get(target.port));
    expect(error).toBeInstanceOf(TryLater);
    expect(error.problem.code).toBe("http-network");
  });

  test.each([
    ["no HTTP", "220 mail.example.com ESMTP\r\n"],
    ["bad chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n"],
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx"],
    ["bad gzip", packed("gzip", Buffer.from("this is no gzip"))],
    ["half a gzip", packed("gzip", gzipSync("x".repeat(1_000)).subarray(0, 20))],
  ])("%s", async (_, bytes) => {
    const target = await startRaw(bytes);
    const error = await failure(get(target.port));
    expect(error).toBeInstanceOf(TryLater);
    expect(error.problem.code).toBe("http-bad-answer");
    expect(error).toMatchObject({ maybeDone: true });
  });

  test("more than its Content-Length gives the declared part", async () => {
    const target = await startRaw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n");
    expect(Buffer.from((await openHttp().send(get(target.port))).body).toString()).toBe("ok");
  });

  test("the pool goes on after each of them", async () => {
    let broken = true;
    const target = await startTcp((socket) => {
      socket.on("data", () => {
        if (broken) socket.resetAndDestroy();
        else socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      });
    });
    const http = openHttp();
    for (let i = 0; i < 5; i++) await failure(get(target.port), { http });
    broken = false;
    await expect(http.send(get(target.port))).resolves.toMatchObject({ status: 200 });
  });
});

describe("time", () => {
  test.each([
    ["before the headers", () => {}, ""],
    ["after the headers", () => {}, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"],
    [
      "a byte at a time",
      (socket: { write(text: string): unknown }) => {
        const timer = setInterval(() => socket.write("x"), 20);
        closeAfterTest(async () => clearInterval(timer));
      },
      "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
    ],
  ])("a server that hangs (%s) is given up in time", async (_, then, bytes) => {
    const target = await startRaw(bytes, then);
    const started = performance.now();
    const error = await failure({ ...get(target.port), timeoutMs: 150 });
    expect(error).toBeInstanceOf(TryLater);
    expect(error.problem).toMatchObject({
      code: "http-timeout",
      sentence: `127.0.0.1:${target.port} did not answer in time.`,
    });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test("a server that says 429 and then hangs is told by its status", async () => {
    const target = await startRaw(
      "HTTP/1.1 429 X\r\nRetry-After: 7\r\nContent-Length: 100\r\n\r\nslow down",
      () => {},
    );
    const error = await failure({ ...get(target.port), timeoutMs: 150 });
    expect(error).toMatchObject({
      retryAfterMs: 7_000,
      problem: { code: "http-rate-limited", hint: "slow down" },
    });
  });

  test("a request given up while it waited for its connection is never sent", async () => {
    const target = await startHttp(respond(200));
    const gate = Promise.withResolvers<void>();
    const guard = createAddressGuard({
      allow: ["127.0.0.1"],
      resolve: async () => {
        await gate.promise;
        return [{ address: "127.0.0.1", family: 4 }];
      },
    });
    const http = openHttp({ guard });
    const url = `http://slow.test:${target.port}`;
    const error = await failure({ method: "POST", url: `${url}/given-up`, timeoutMs: 40 }, { http });
    expect(error.problem.code).toBe("http-timeout");
    gate.resolve();
    // Its connection comes up first; whatever it would send is there before the last of these.
    await expect.poll(() => target.connections).toBeGreaterThan(0);
    for (const path of ["/1", "/2", "/3", "/4", "/5"]) await http.send({ method: "POST", url: url + path });
    expect(target.requests.map((request) => request.url)).toEqual(["/1", "/2", "/3", "/4", "/5"]);
  });

  test.each([
    ["before it starts", 0],
    ["while it waits", 50],
  ])("an abort (%s) rejects with its own reason", async (_, after) => {
    let hungUp = false;
    const target = await startTcp((socket) =>
      socket.on("close", () => {
        hungUp = true;
      }),
    );
    const controller = new AbortController();
    const reason = new Error("the run was cancelled");
    if (after === 0) controller.abort(reason);
    else setTimeout(() => controller.abort(reason), after);
    await expect(openHttp().send({ ...get(target.port), signal: controller.signal })).rejects.toBe(reason);
    if (after > 0) await expect.poll(() => hungUp).toBe(true);
    else expect(target.connections).toBe(0);
  });

  test("closing ends what is on its way", async () => {
    const target = await startTcp(() => {});
    const http = openHttp();
    const waiting = failure(get(target.port), { http });
    await expect.poll(() => target.connections).toBe(1);
    await http.close();
    expect(await waiting).toBeInstanceOf(TryLater);
    expect(await failure(get(target.port), { http })).toBeInstanceOf(TryLater);
  });
});

describe("statuses", () => {
  test.each([400, 401, 403, 404, 409, 410, 413, 418, 422, 451, 499])(
    "%i is not tried again",
    async (status) => {
      const target = await startHttp(respond(status));
      const error = await failure(get(target.port));
      expect(error).toBeInstanceOf(Refused);
      expect(error.problem.code).toBe("http-status");
    },
  );

  test.each([408, 425, 429, 500, 501, 502, 503, 504, 599])("%i is tried again", async (status) => {
    const target = await startHttp(respond(status));
    const error = await failure(get(target.port));
    expect(error).toBeInstanceOf(TryLater);
    expect(error.problem.code).toBe(status === 429 ? "http-rate-limited" : "http-status");
  });

  test("422 says who answered what, and the hint is what they said", async () => {
    const target = await startHttp(
      respond(422, '{"error": "email\n is  taken"}', { "content-type": "application/json" }),
    );
    const error = await failure({ method: "POST", url: `http://api.example.test:${target.port}/` });
    expect(error.problem).toEqual({
      code: "http-status",
      sentence: `api.example.test:${target.port} answered 422 Unprocessable Entity.`,
      hint: '{"error": "email is taken"}',
    });
  });

  test("the hint is short, readable text: no markup, no bytes, and packed text is unpacked", async () => {
    const html =
      "<!doctype html><html><head><title>t</title></head><body><h1>Bad\0 Gateway</h1><script>x()</script></body>";
    const page = await startHttp(respond(502, html, { "content-type": "text/html" }));
    expect((await failure(get(page.port))).problem.hint).toBe("Bad Gateway");
    const long = await startHttp(respond(500, "x".repeat(100_000)));
    expect((await failure(get(long.port))).problem.hint).toBe("x".repeat(500));
    const image = await startHttp(respond(404, "\x89PNG", { "content-type": "image/png" }));
    expect((await failure(get(image.port))).problem.hint).toBe("Check the URL: there is nothing at it.");
    const gzip = await startRaw(packed("gzip", gzipSync("what they said"), 400));
    expect((await failure(get(gzip.port))).problem.hint).toBe("what they said");
    const broken = await startRaw(packed("gzip", Buffer.from("no gzip"), 500));
    expect(await failure(get(broken.port))).toMatchObject({
      name: "TryLater",
      problem: { code: "http-status" },
    });
  });

  test("a key that the other side sends back is not in the problem", async () => {
    const target = await startHttp((request, response) => {
      response.writeHead(401).end(`not valid: ${request.headers.authorization} ${request.url}`);
    });
    const error = await failure({
      method: "GET",
      url: `http://127.0.0.1:${target.port}/?api_key=CANARY-IN-URL`,
      headers: { authorization: "Bearer CANARY-IN-HEADER" },
    });
    expect(error.problem.hint).toContain("not valid: ");
    expect(JSON.stringify(error.problem)).not.toContain("CANARY");
  });

  test.each([
    ["2", 2_000],
    [new Date(NOW + 90_000).toUTCString(), 90_000],
    ["1000000000", 86_400_000],
    ["0", 1_000],
    ["later", undefined],
    ["-1", undefined],
  ])("429 with Retry-After %j waits %s ms", async (header, wait) => {
    const target = await startHttp(respond(429, "", { "retry-after": header }));
    const error = await failure(get(target.port));
    expect(error).toMatchObject({ name: "TryLater", retryAfterMs: wait });
  });

  test("503 with Retry-After waits too", async () => {
    const target = await startHttp(respond(503, "", { "retry-after": "3" }));
    expect(await failure(get(target.port))).toMatchObject({ retryAfterMs: 3_000 });
  });

  test("early hints before the answer are not the answer", async () => {
    const target = await startRaw(
      "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    );
    const answer = await openHttp().send(get(target.port));
    expect(answer.status).toBe(200);
    expect(answer.headers.link).toBeUndefined();
  });
});

describe("TLS", () => {
  const url = (port: number) => `https://safe.example.test:${port}/`;

  test("a certificate from a trusted authority for this name passes", async () => {
    const target = await startHttps(respond(200, "secret"), "trusted");
    const http = openHttp({ tls: { ca: readCert("trusted") } });
    await expect(http.send({ method: "GET", url: url(target.port) })).resolves.toMatchObject({ status: 200 });
    await expect(
      http.send({ method: "GET", url: `https://127.0.0.1:${target.port}/` }),
    ).resolves.toMatchObject({
      status: 200,
    });
  });

  test.each([
    ["self-signed", "safe.example.test", "trusted", false],
    ["for another name", "other.example.test", "trusted", true],
    ["expired", "safe.example.test", "expired", true],
  ] as const)("a certificate that is %s is refused, and nothing is sent", async (_, host, cert, trust) => {
    const target = await startHttps(respond(200), cert);
    const error = await failure(
      { method: "POST", url: `https://${host}:${target.port}/`, body: "x" },
      trust ? { tls: { ca: readCert(cert) } } : {},
    );
    expect(error).toBeInstanceOf(Refused);
    expect(error.problem.code).toBe("http-tls");
    expect(target.requests).toEqual([]);
  });

  test("a Host header does not choose the name that the certificate is checked against", async () => {
    const target = await startHttps(respond(200), "trusted");
    const error = await failure(
      {
        method: "GET",
        url: `https://other.example.test:${target.port}/`,
        headers: { host: "safe.example.test" },
      },
      { tls: { ca: readCert("trusted") } },
    );
    expect(error.problem.code).toBe("http-tls");
  });

  test("a server that speaks plain HTTP is refused", async () => {
    const target = await startTcp((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    const error = await failure({ method: "GET", url: url(target.port) });
    expect(error).toBeInstanceOf(Refused);
    expect(error.problem.code).toBe("http-tls");
  });
});
