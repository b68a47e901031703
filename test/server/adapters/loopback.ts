// Servers on this machine for the tests of outbound traffic, closed again after each test.

import { readFileSync } from "node:fs";
import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type RequestListener,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { afterEach } from "vitest";

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Runs `close` when the current test is over. */
export function closeAfterTest(close: () => Promise<unknown>): void {
  closers.unshift(async () => {
    await close();
  });
}

export function readCert(name: "trusted" | "expired" | "key"): string {
  return readFileSync(new URL(`certs/${name}.pem`, import.meta.url), "utf8");
}

export interface Target {
  port: number;
  /** TCP connections, whatever was or was not sent on them. */
  connections: number;
  requests: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[];
}

/** An HTTP server that keeps what it was sent. `answer` comes after the whole request was read. */
export async function startHttp(answer: RequestListener, host = "127.0.0.1"): Promise<Target> {
  return record(createServer(), answer, host);
}

export async function startHttps(answer: RequestListener, cert: "trusted" | "expired"): Promise<Target> {
  return record(createHttpsServer({ cert: readCert(cert), key: readCert("key") }), answer, "127.0.0.1");
}

/** A bare TCP server: `talk` does what it likes with each socket. */
export async function startTcp(
  talk: (socket: Socket) => void,
  host = "127.0.0.1",
  port = 0,
): Promise<{ port: number; connections: number }> {
  const server = createTcpServer((socket) => {
    target.connections++;
    socket.on("error", () => {});
    talk(socket);
  });
  const target = { port: 0, connections: 0 };
  target.port = await listen(server, host, port);
  return target;
}

/** A server that answers one request with these bytes, and then does what `then` says. */
export async function startRaw(
  bytes: string | Buffer,
  then: (socket: Socket) => void = (socket) => socket.end(),
): Promise<{ port: number; connections: number }> {
  return startTcp((socket) => {
    socket.once("data", () => {
      socket.write(bytes, () => then(socket));
    });
  });
}

/** A port that nothing listens on. */
export async function findClosedPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function record(server: HttpServer, answer: RequestListener, host: string): Promise<Target> {
  const target: Target = { port: 0, connections: 0, requests: [] };
  server.on("connection", () => target.connections++);
  server.on("request", async (request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = "", url = "", headers } = request;
    target.requests.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    answer(request, response);
  });
  target.port = await listen(server, host, 0);
  return target;
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  closeAfterTest(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  );
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
