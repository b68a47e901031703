// A free port for a program that is about to be started.

import { once } from "node:events";
import { createServer } from "node:net";

/** Given by this process so far. The system gives a port again that nobody has opened yet. */
const given = new Set<number>();

export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    server.close();
    await once(server, "close");
    if (typeof address !== "object" || !address || given.has(address.port)) continue;
    given.add(address.port);
    return address.port;
  }
}
