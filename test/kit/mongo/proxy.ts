// A wire between a driver and its MongoDB that counts what goes over it, and can lose an answer.

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface MongoProxy {
  /** The given URL, by way of the proxy. */
  url: string;
  /** How often each command was sent. */
  sent: Map<string, number>;
  /** The next such command reaches the server, is done there, and its answer is lost with the connection. */
  loseAnswerTo(command: string): void;
  /** How many answers were lost. */
  lost(): number;
  close(): Promise<void>;
}

// OP_MSG: 16 bytes of header, 4 of flags, 1 for the kind of section, 4 for the length of its document, 1 for the type
// of the first field; and the name of that field is the command.
const NAME_AT = 26;

export async function startProxy(url: string): Promise<MongoProxy> {
  const { hostname, port } = new URL(url);
  const sent = new Map<string, number>();
  const sockets = new Set<Socket>();
  let awaited: string | undefined;
  let lost = 0;

  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let cut = false;
    let pending = 0;
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", end).on("close", end);
    }
    client.on("data", (chunk) => {
      if (pending <= 0) {
        pending = chunk.readInt32LE(0);
        const command = chunk.toString("latin1", NAME_AT, chunk.indexOf(0, NAME_AT));
        sent.set(command, (sent.get(command) ?? 0) + 1);
        if (command === awaited) {
          awaited = undefined;
          cut = true;
        }
      }
      pending -= chunk.length;
      upstream.write(chunk);
    });
    upstream.on("data", (chunk) => {
      if (!cut) return client.write(chunk);
      lost++;
      end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  return {
    url: url.replace(`${hostname}:${port}`, `127.0.0.1:${address.port}`),
    sent,
    loseAnswerTo(command) {
      awaited = command;
    },
    lost: () => lost,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
