// Listens, with limits on how slowly and how long a caller may talk.

import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export interface Listening {
  server: Server;
  port: number;
  /**
   * Takes no more connections, lets what is under way be answered for at most `deadlineMs`, then cuts what is left.
   */
  close(deadlineMs: number): Promise<void>;
}

/** `make` is given the port, which is known only when it listens (0 takes any). Rejects as `server.listen` does. */
export async function listen(
  where: { port: number; host: string },
  make: (port: number) => RequestListener,
): Promise<Listening> {
  const server = createServer({
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    connectionsCheckingInterval: 5_000,
    // longer than the usual minute of a proxy in front, so that it is the proxy that closes
    keepAliveTimeout: 65_000,
  });
  server.maxConnections = 10_000;
  const open = countOpen(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(where.port, where.host, () => {
      server.off("error", reject);
      // in the turn in which the port is known: no request can be earlier
      server.on("request", make(portOf(server)));
      resolve();
    });
  });
  return { server, port: portOf(server), close: (deadlineMs) => close(server, open, deadlineMs) };
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("The server listens on no port.");
  return address.port;
}

/**
 * How many requests each connection has open. Node keeps count only of those that have sent something: a browser that
 * connects ahead of need would hold the end up for as long as it likes.
 */
function countOpen(server: Server): Map<Socket, number> {
  const open = new Map<Socket, number>();
  server.on("connection", (socket: Socket) => {
    open.set(socket, 0);
    socket.once("close", () => open.delete(socket));
  });
  server.on("request", (req, res) => {
    const { socket } = req;
    open.set(socket, (open.get(socket) ?? 0) + 1);
    res.once("close", () => {
      if (!open.has(socket)) return;
      open.set(socket, (open.get(socket) ?? 1) - 1);
      if (!server.listening && open.get(socket) === 0) socket.destroySoon();
    });
  });
  return open;
}

async function close(server: Server, open: Map<Socket, number>, deadlineMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const [socket, requests] of open) if (requests === 0) socket.destroy();
  const timer = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await closed;
  clearTimeout(timer);
}
