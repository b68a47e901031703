// Sends bytes on a bare socket, as no HTTP client would, and reads whatever answers come back.

import { connect } from "node:net";

export interface RawAnswer {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: string;
}

export interface Heard {
  answers: RawAnswer[];
  /** The other side ended the connection. */
  closed: boolean;
  /** Until the first byte came back; until the end when none did. */
  ms: number;
}

export interface RawOptions {
  /** Nothing came for this long after an answer: that was all. */
  quietMs?: number;
  /** The most that is waited in all. */
  mostMs?: number;
  /** Half-close when everything is out, as a sender does that dies in the middle. */
  end?: boolean;
}

/** Sends the pieces one after the other, and resolves when the other side closes or has said all it says. */
export function sendRaw(
  port: number,
  pieces: readonly (string | Uint8Array)[],
  { quietMs = 250, mostMs = 15_000, end = false }: RawOptions = {},
): Promise<Heard> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const began = performance.now();
    let firstAt = 0;
    let quiet: NodeJS.Timeout | undefined;
    const socket = connect(port, "127.0.0.1");
    const finish = (closed: boolean) => {
      clearTimeout(quiet);
      clearTimeout(most);
      socket.destroy();
      const ms = (firstAt || performance.now()) - began;
      resolve({ answers: readAnswers(Buffer.concat(chunks)), closed, ms });
    };
    const most = setTimeout(() => finish(false), mostMs);
    socket.on("data", (chunk) => {
      firstAt ||= performance.now();
      chunks.push(chunk);
      clearTimeout(quiet);
      quiet = setTimeout(() => finish(false), quietMs);
    });
    socket.on("close", () => finish(true));
    // A reset is a way of closing; what came before it counts.
    socket.on("error", () => {});
    for (const piece of pieces) socket.write(piece);
    if (end) socket.end();
  });
}

/** Request line, headers and body as bytes; a Host and `Connection: close` are added. */
export function rawRequest(
  line: string,
  headers: readonly string[],
  body: string | Uint8Array = "",
): [string, string | Uint8Array] {
  return [`${line}\r\n${["Host: localhost", "Connection: close", ...headers].join("\r\n")}\r\n\r\n`, body];
}

/** All whole answers in the bytes, the interim ones (1xx) left out. */
function readAnswers(bytes: Buffer): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const cut = bytes.indexOf("\r\n\r\n", at);
    if (cut < 0) break;
    const [first = "", ...lines] = bytes.subarray(at, cut).toString("latin1").split("\r\n");
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]);
    const headers = Object.fromEntries(lines.map(readHeader));
    const length = Number(headers["content-length"] ?? 0);
    at = cut + 4 + length;
    if (status >= 200) answers.push({ status, headers, body: bytes.subarray(cut + 4, at).toString() });
  }
  return answers;
}

function readHeader(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
