// Connections that are as slow as they may be, so that a server runs out of something: headers, bodies, reading.

import { connect, type Socket } from "node:net";

export type Slowness = "headers" | "body" | "read";

export interface SlowSender {
  kind: Slowness;
  /** Milliseconds from connecting until the other side had closed it; null while it is open. */
  closedAfter(): number | null;
  destroy(): void;
}

export interface SlowAim {
  port: number;
  /** Where something is sent to. */
  path: string;
  /** A request for something large; many of them are sent and no answer is read. */
  large: string;
}

/** The answers to so many are far more than all buffers between two programs hold, and so many may stand in line. */
const REQUESTS_UNREAD = 150;

/** Opens a connection that says a little every second, or that reads nothing. */
export function openSlow({ port, path, large }: SlowAim, kind: Slowness): SlowSender {
  const from = performance.now();
  let closed: number | null = null;
  const socket = connect(port, "127.0.0.1");
  // its answer, if there is one, is not waited for: what counts is when the server lets go
  if (kind === "read") socket.pause();
  else socket.resume();
  socket.on("error", () => {});
  socket.once("close", () => {
    closed ??= performance.now() - from;
  });
  const timer = setInterval(() => socket.writable && drop(socket, kind), 1_000);
  socket.once("close", () => clearInterval(timer));
  socket.write(opening(path, large, kind));
  return {
    kind,
    closedAfter: () => closed,
    destroy: () => socket.destroy(),
  };
}

function opening(path: string, large: string, kind: Slowness): string {
  if (kind === "headers") return `POST ${path} HTTP/1.1\r\nHost: localhost\r\n`;
  if (kind === "body") return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n`;
  return large.repeat(REQUESTS_UNREAD);
}

function drop(socket: Socket, kind: Slowness): void {
  if (kind === "headers") socket.write("X-Slow: 1\r\n");
  if (kind === "body") socket.write("x");
}
