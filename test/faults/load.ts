// Both ends of the program: the load that sends events to a catch URL, and the target that flows call.

import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent, request } from "undici";
import type { Called, Ledger, Sent } from "./ledger.ts";

export interface LoadOptions {
  url: string;
  ledger: Ledger<Sent>;
  /** Events per second, whatever the answers do. Or `senders`: that many, each sending the next after its answer. */
  rate?: number;
  senders?: number;
  /** Ends by itself after so many events. */
  total?: number;
  /** Added to the body's `id` and `try`. */
  body?: (id: string) => object;
  /** The key of the event, sent as the header `idempotency-key`; none without it. */
  dedupeKey?: (id: string) => string;
  /** How often an event is tried when there is no answer, or 429 or 5xx. Every try is an entry. Usually 1. */
  tries?: number;
  /** Between two tries. */
  pauseMs?: number;
  timeoutMs?: number;
  /** To the catch URL at a time: with all of them taken, events wait at their sender, and that counts as waiting. */
  connections?: number;
}

export interface Load {
  /** Events begun so far. */
  begun(): number;
  /** Answers by their code so far; 0 counts the tries without one. */
  answers(): Record<number, number>;
  /** Milliseconds from sending to each 2xx. */
  waits(): number[];
  /** Resolves in the moment in which the next 2xx arrives: what it acknowledged must be safe by then. */
  nextAck(): Promise<void>;
  /** Sends nothing new; resolves when every event has its last entry. */
  stop(): Promise<void>;
  /** Resolves when `total` is through. */
  done: Promise<void>;
}

let loads = 0;

/** Begins to send. Ids are unique over all loads of this process. */
export function startLoad(options: LoadOptions): Load {
  const { ledger, total = Number.POSITIVE_INFINITY, tries = 1, pauseMs = 250, timeoutMs = 20_000 } = options;
  const { connections = 64 } = options;
  const agent = new Agent({ connections, headersTimeout: timeoutMs, bodyTimeout: timeoutMs });
  const name = `${process.pid.toString(36)}-${++loads}`;
  const answers: Record<number, number> = {};
  const waits: number[] = [];
  const acks: (() => void)[] = [];
  const open = new Set<Promise<void>>();
  let begun = 0;
  let stopped = false;
  let nobodyThere = false;

  async function event(id: string): Promise<void> {
    for (let attempt = 1; attempt <= tries; attempt++) {
      if (attempt > 1) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const entry = await send(id, attempt);
      nobodyThere = entry.error?.includes("ECONNREFUSED") ?? false;
      await ledger.write(entry);
      answers[entry.status] = (answers[entry.status] ?? 0) + 1;
      if (entry.status >= 200 && entry.status < 300) waits.push(entry.at - entry.sentAt);
      if (entry.status !== 0 && entry.status !== 429 && entry.status < 500) return;
    }
  }

  async function send(id: string, attempt: number): Promise<Sent> {
    const dedupeKey = options.dedupeKey?.(id) ?? null;
    const sentAt = Date.now();
    const entry: Sent = {
      id,
      try: attempt,
      dedupeKey,
      status: 0,
      error: null,
      runId: null,
      sentAt,
      at: sentAt,
    };
    try {
      const { statusCode, headers, body } = await request(options.url, {
        dispatcher: agent,
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(dedupeKey === null ? {} : { "idempotency-key": dedupeKey }),
        },
        body: JSON.stringify({ id, try: attempt, ...options.body?.(id) }),
      });
      if (statusCode >= 200 && statusCode < 300) for (const tell of acks.splice(0)) tell();
      const text = await body.text();
      const answered: Sent = { ...entry, status: statusCode, runId: runIdIn(text), at: Date.now() };
      const retryAfter = headers["retry-after"];
      return retryAfter === undefined ? answered : { ...answered, retryAfter: String(retryAfter) };
    } catch (error) {
      return { ...entry, error: error instanceof Error ? error.message : String(error), at: Date.now() };
    }
  }

  function begin(): Promise<void> {
    const work = event(`${name}-${++begun}`);
    open.add(work);
    return work.finally(() => open.delete(work));
  }

  /** Where nobody listens, a tenth of the senders is enough to find out when that is over. */
  async function atRate(rate: number): Promise<void> {
    let due = 1;
    for (let before = performance.now(); !stopped && begun < total; ) {
      while (begun < Math.min(total, Math.floor(due))) void begin();
      await new Promise((resolve) => setTimeout(resolve, 5));
      const now = performance.now();
      due += ((now - before) / 1_000) * (nobodyThere ? rate / 10 : rate);
      before = now;
    }
  }

  async function oneSender(): Promise<void> {
    while (!stopped && begun < total) await begin();
  }

  const { rate, senders = 1 } = options;
  const sending = rate === undefined ? Promise.all(Array.from({ length: senders }, oneSender)) : atRate(rate);
  const done = sending.then(async () => {
    while (open.size > 0) await Promise.all(open);
    await agent.close();
  });
  return {
    begun: () => begun,
    answers: () => ({ ...answers }),
    waits: () => waits,
    nextAck: () => new Promise((resolve) => acks.push(resolve)),
    done,
    stop() {
      stopped = true;
      return done;
    },
  };
}

function runIdIn(text: string): string | null {
  try {
    const answer: { runId?: string } | null = JSON.parse(text);
    return answer?.runId ?? null;
  } catch {
    return null;
  }
}

export interface Target {
  url: string;
  /** What it does with a call that is in the ledger already. May take its time, or never answer. */
  behave: (call: Called, response: ServerResponse) => void | Promise<void>;
  /** Calls that it has not answered yet. */
  open(): number;
  /** Takes no calls: connecting is refused, and what is open is reset. */
  refuse(): Promise<void>;
  /** Takes calls again, on the same port. */
  accept(): Promise<void>;
  close(): Promise<void>;
}

/** An HTTP server that writes each call into the ledger before it does anything else. Usually it answers 200. */
export async function startTarget(ledger: Ledger<Called>): Promise<Target> {
  let open = 0;
  const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, response) => {
    open++;
    response.once("close", () => open--);
    incoming.resume();
    // of a caller that died in the middle nothing has arrived
    incoming.once("end", async () => {
      const call = callOf(String(incoming.headers["idempotency-key"] ?? ""), incoming.url ?? "");
      await ledger.write(call);
      await target.behave(call, response);
    });
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  let port = 0;
  const target: Target = {
    url: "",
    behave: answerOk,
    open: () => open,
    async refuse() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
    async accept() {
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
    },
    close: () => (server.listening ? target.refuse() : Promise.resolve()),
  };
  await target.accept();
  const address: AddressInfo | string | null = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The target listens on no port.");
  port = address.port;
  target.url = `http://127.0.0.1:${port}`;
  return target;
}

function callOf(key: string, path: string): Called {
  const cut = key.indexOf(":");
  const [run, step] = cut < 0 ? ["", ""] : [key.slice(0, cut), key.slice(cut + 1)];
  return { key, run, step, path, at: Date.now() };
}

/** What a target usually does. */
export function answerOk(_call: Called, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}');
}
