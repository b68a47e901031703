// What a step can run into when it calls somebody: one server on bare sockets that misbehaves in every known way.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { gzipSync } from "node:zlib";

export interface BadTargets {
  /** What to call: an address for each way of misbehaving, and a working one for comparison. */
  url(mode: TargetMode): string;
  /** When each call of the path came, by the clock of the day. */
  calls(path: string): number[];
  close(): Promise<void>;
}

export type TargetMode = keyof typeof MODES | "refuse" | "tlsSelfSigned" | "tlsExpired";

/** The authority to trust (NODE_EXTRA_CA_CERTS), so that nothing but its date is wrong with the expired certificate. */
export const EXPIRED_AUTHORITY = certificate("expired");

type Answer = (socket: Socket, call: number) => void;

const OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
const HEADERS = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";
const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));

const MODES = {
  ok: (socket) => socket.write(OK),
  resetAfterHeaders: (socket) =>
    socket.write(`${HEADERS}Content-Length: 100\r\n\r\n`, () =>
      setTimeout(() => socket.resetAndDestroy(), 50),
    ),
  hangBeforeHeaders: () => {},
  hangAfterHeaders: (socket) => socket.write(`${HEADERS}Content-Length: 100\r\n\r\n`),
  drip(socket) {
    socket.write(`${HEADERS}Content-Length: 100000\r\n\r\n`);
    whileOpen(socket, 1_000, () => socket.write("x"));
  },
  endless(socket) {
    socket.write(`${HEADERS}Transfer-Encoding: chunked\r\n\r\n`);
    pour(socket, Buffer.from(`10000\r\n${"x".repeat(65_536)}\r\n`));
  },
  huge(socket) {
    socket.write(`${HEADERS}Content-Length: ${500 * 1024 * 1024}\r\n\r\n`);
    pour(socket, Buffer.alloc(65_536, "x"));
  },
  hugeUnsaid(socket) {
    socket.write(`${HEADERS}Connection: close\r\n\r\n`);
    pour(socket, Buffer.alloc(65_536, "x"), 500 * 1024 * 1024);
  },
  gzipBomb(socket) {
    socket.write(`${HEADERS}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`);
    socket.write(bomb);
  },
  hugeHeader(socket) {
    socket.write(`${HEADERS}X-Long: `);
    pour(socket, Buffer.alloc(65_536, "x"), 100 * 1024 * 1024);
  },
  failsTwice: (socket, call) => socket.write(call <= 2 ? status(503) : OK),
  failsAlways: (socket) => socket.write(status(500)),
  busySeconds: (socket, call) => socket.write(call === 1 ? status(429, "Retry-After: 2") : OK),
  busyDate: (socket, call) =>
    socket.write(call === 1 ? status(429, `Retry-After: ${new Date(Date.now() + 3_000).toUTCString()}`) : OK),
  busyNonsense: (socket, call) => socket.write(call === 1 ? status(429, "Retry-After: soon, perhaps") : OK),
  busyForEver: (socket) => socket.write(status(429, "Retry-After: 1000000000")),
  shortBody: (socket) => socket.end(`${HEADERS}Content-Length: 100\r\n\r\nshort`),
  badChunks: (socket) => socket.end(`${HEADERS}Transfer-Encoding: chunked\r\n\r\nnonsense\r\n`),
  badGzip: (socket) => socket.end(`${HEADERS}Content-Encoding: gzip\r\nContent-Length: 7\r\n\r\nno gzip`),
  noHttp: (socket) => socket.end("220 mail.example.com ESMTP\r\n"),
  redirectLoop: (socket) =>
    socket.write("HTTP/1.1 302 Found\r\nLocation: ?again\r\nContent-Length: 0\r\n\r\n"),
} satisfies Record<string, Answer>;

const answers = new Map<string, Answer>(Object.entries(MODES));

export async function startBadTargets(): Promise<BadTargets> {
  const calls = new Map<string, number[]>();
  const sockets = new Set<Socket>();
  const main = createServer((socket) => {
    socket.on("error", () => {});
    let head = "";
    socket.on("data", (chunk: Buffer) => {
      head += chunk.toString("latin1");
      for (let cut = head.indexOf("\r\n\r\n"); cut >= 0; cut = head.indexOf("\r\n\r\n")) {
        const path = /^\S+ \/([^ ?]*)/.exec(head)?.[1] ?? "";
        head = head.slice(cut + 4);
        const times = calls.get(path) ?? [];
        calls.set(path, [...times, Date.now()]);
        answers.get(path.split("/")[0] ?? "")?.(socket, times.length + 1);
      }
    });
  });
  const tls = ["trusted", "expired"].map((name) =>
    createTlsServer(
      { cert: readFileSync(certificate(name)), key: readFileSync(certificate("key")) },
      (_, answer) => answer.end("{}"),
    ),
  );
  const servers: Server[] = [main, ...tls];
  for (const server of servers) {
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    });
  }
  const [port, selfSigned, expired] = await Promise.all(servers.map(listen));
  const closed = createServer();
  const refuse = await listen(closed);
  await new Promise((resolve) => closed.close(resolve));
  return {
    url(mode) {
      if (mode === "refuse") return `http://127.0.0.1:${refuse}/`;
      if (mode === "tlsSelfSigned") return `https://127.0.0.1:${selfSigned}/`;
      if (mode === "tlsExpired") return `https://127.0.0.1:${expired}/`;
      return `http://127.0.0.1:${port}/${mode}`;
    },
    calls: (path) => calls.get(path) ?? [],
    async close() {
      const gone = servers.map((server) => new Promise((resolve) => server.close(resolve)));
      for (const socket of sockets) socket.destroy();
      await Promise.all(gone);
    },
  };
}

function certificate(name: string): string {
  return new URL(`../server/adapters/certs/${name}.pem`, import.meta.url).pathname;
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address: AddressInfo | string | null = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The target listens on no port.");
  return address.port;
}

function status(code: number, header = "X-None: 1"): string {
  return `HTTP/1.1 ${code} Not Now\r\n${header}\r\nContent-Length: 0\r\n\r\n`;
}

function whileOpen(socket: Socket, everyMs: number, act: () => void): void {
  const timer = setInterval(act, everyMs);
  socket.once("close", () => clearInterval(timer));
}

/** As much as the other side takes. */
function pour(socket: Socket, piece: Uint8Array, most = Number.POSITIVE_INFINITY): void {
  let poured = 0;
  const more = () => {
    let room = true;
    while (room && poured < most && !socket.destroyed) {
      poured += piece.byteLength;
      room = socket.write(piece);
    }
    if (poured >= most) socket.end();
    else if (!socket.destroyed) socket.once("drain", more);
  };
  more();
}
