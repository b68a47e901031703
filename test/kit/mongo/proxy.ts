// A wire between a driver and its MongoDB that counts what goes over it, and can lose an answer.

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface MongoProxy {
  /** The given URL, by way of the proxy. */
  url: string;
  /** How often each command was sent. */
  sent: Map<string, number>;
  /** The same by command and collection, as `insert runs`. */
  calls: Map<string, number>;
  /** All bytes that came through, so far. */
  bytes(): { sent: number; answered: number };
  /** The next such commands reach the server, are done there, and their answers are lost with the connections. */
  loseAnswerTo(command: string, times?: number): void;
  /** How many answers were lost. */
  lost(): number;
  close(): Promise<void>;
}

// OP_MSG: 16 bytes of header, 4 of flags, 1 for the kind of section, 4 for the length of its document, 1 for the type
// of the first field; and the name of that field is the command.
const NAME_AT = 26;
const OP_MSG = 2013;
const STRING = 2;

export async function startProxy(url: string): Promise<MongoProxy> {
  const { hostname, port } = new URL(url);
  const sent = new Map<string, number>();
  const calls = new Map<string, number>();
  const bytes = { sent: 0, answered: 0 };
  const sockets = new Set<Socket>();
  let awaited: string | undefined;
  let left = 0;
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
      bytes.sent += chunk.length;
      if (pending <= 0) {
        pending = chunk.readInt32LE(0);
        const command = chunk.toString("latin1", NAME_AT, chunk.indexOf(0, NAME_AT));
        sent.set(command, (sent.get(command) ?? 0) + 1);
        const call = `${command} ${collectionIn(chunk)}`;
        calls.set(call, (calls.get(call) ?? 0) + 1);
        if (command === awaited && left > 0) {
          left--;
          cut = true;
        }
      }
      pending -= chunk.length;
      upstream.write(chunk);
    });
    upstream.on("data", (chunk) => {
      bytes.answered += chunk.length;
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
    calls,
    bytes: () => ({ ...bytes }),
    loseAnswerTo(command, times = 1) {
      awaited = command;
      left = times;
    },
    lost: () => lost,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** The value of the first field is the collection's name, where it is a text: its length, its bytes, NUL. */
function collectionIn(chunk: Buffer): string {
  if (chunk.readInt32LE(12) !== OP_MSG || chunk[NAME_AT - 1] !== STRING) return "";
  const from = chunk.indexOf(0, NAME_AT) + 5;
  return chunk.toString("latin1", from, chunk.indexOf(0, from));
}
