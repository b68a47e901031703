// Listens, with limits on how slowly and how long a caller may talk.

import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { brokenAnswer, refuseNoHost } from "./broken-request.ts";

export interface Listening {
  server: Server;
  port: number;
  /**
   * Takes no more connections, lets what is under way be answered for at most `deadlineMs`, then cuts what is left.
   */
  close(deadlineMs: number): Promise<void>;
}

/** How long an answer may lie without its caller taking any of it. Node looks twice, so it can be as long again. */
const UNREAD_MS = 15_000;
/** How long a sender of nonsense may go on, so that it gets to read the answer. */
const LINGER_MS = 1_000;

/**
 * How many requests may stand in line behind the one that is being answered, some 3 MB when they are short. Who sends
 * more in one go is cut off.
 */
const MOST_WAITING = 1_000;

/** What is known of a connection. */
interface Talk {
  /** Requests that are not answered yet. */
  requests: number;
  last: { req: IncomingMessage; res: ServerResponse } | null;
  /** It is to be closed, and whatever still comes on it is nobody's. */
  over: boolean;
  /** What answers the requests behind the one that is being answered, in their order. */
  waiting: (() => void)[];
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
    // looked at below: Node would say no, and still hand on what follows on the same connection
    requireHostHeader: false,
  });
  server.maxConnections = 10_000;
  const talks = keepTalks(server);
  server.on("clientError", (error, socket) => refuseBroken(talks, error, socket));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(where.port, where.host, () => {
      server.off("error", reject);
      // in the turn in which the port is known: no request can be earlier
      const answer = onlyGood(talks, make(portOf(server)));
      // an expectation that nobody knows is no reason to lose an event
      server.on("request", answer).on("checkExpectation", answer);
      resolve();
    });
  });
  return { server, port: portOf(server), close: (deadlineMs) => close(server, talks, deadlineMs) };
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
function keepTalks(server: Server): Map<Duplex, Talk> {
  const talks = new Map<Duplex, Talk>();
  server.on("connection", (socket: Duplex) => {
    talks.set(socket, { requests: 0, last: null, over: false, waiting: [] });
    socket.once("close", () => talks.delete(socket));
  });
  const begin: RequestListener = (req, res) => {
    const { socket } = req;
    const talk = talks.get(socket);
    if (!talk) return;
    talk.requests++;
    talk.last = { req, res };
    // One behind another gets the connection when that one is taken, and may still be made.
    if (res.socket === null) res.once("socket", () => socket.setTimeout(0));
    // It is complete and waits to be taken; once it is, Node sets its own time for the next request.
    res.once("prefinish", () => socket.setTimeout(UNREAD_MS));
    res.once("close", () => {
      talk.requests--;
      if ((talk.over && !isOwed(talk)) || (!server.listening && talk.requests === 0)) socket.destroySoon();
      else if (talk.waiting.length > 0) setImmediate(answerNext, talk, socket);
    });
  };
  server.on("request", begin).on("checkExpectation", begin);
  return talks;
}

/** Is there a whole request that is not answered yet? */
function isOwed({ requests, last }: Talk): boolean {
  return requests > (last?.req.complete === false ? 1 : 0);
}

/** Hands on what may be answered: nothing behind the end of a connection, and nothing without a host. */
function onlyGood(talks: Map<Duplex, Talk>, answer: RequestListener): RequestListener {
  return (req, res) => {
    const talk = talks.get(req.socket);
    if (!talk || talk.over) return;
    talk.over = req.headers.host === undefined && req.httpVersion === "1.1";
    const begin = talk.over ? () => refuseNoHost(res) : () => answer(req, res);
    if (talk.requests === 1) return begin();
    if (talk.waiting.push(begin) > MOST_WAITING) cut(talk, req.socket);
  };
}

/**
 * Requests that were sent in one go are answered one after the other, and other callers between them (RFC 9112,
 * section 9.3.2, leaves that to the server). 64 KB hold some 1,500: answered at once, one caller who reads nothing would
 * make as many answers lie in memory, and everybody wait until they are made.
 */
function answerNext({ waiting }: Talk, socket: Duplex): void {
  if (socket.writable) waiting.shift()?.();
}

/** There is no place for a refusal: the answer to an earlier request goes first, and may never be taken. */
function cut(talk: Talk, socket: Duplex): void {
  talk.over = true;
  talk.waiting.length = 0;
  socket.destroy();
}

/**
 * An answer that is owed to an earlier request goes out first, and the connection is closed behind it: what is said
 * about the nonsense after it would be taken for that answer.
 */
function refuseBroken(talks: Map<Duplex, Talk>, error: Error, socket: Duplex): void {
  const talk = talks.get(socket);
  if (!talk || !socket.writable) return void socket.destroy();
  if (talk.over) return;
  talk.over = true;
  if (isOwed(talk)) return;
  // In the middle of an answer there is no place for another.
  if (talk.requests > 0 && talk.last?.res.headersSent) return void socket.destroy();
  sayLast(socket, brokenAnswer(error));
}

/** Closing at once, with bytes unread, would often take the answer away from under the sender's eyes. */
function sayLast(socket: Duplex, text: string): void {
  socket.end(text);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once("close", () => clearTimeout(timer));
}

async function close(server: Server, talks: Map<Duplex, Talk>, deadlineMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const [socket, { requests }] of talks) if (requests === 0) socket.destroy();
  const timer = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await closed;
  clearTimeout(timer);
}
