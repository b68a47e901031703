// The load generator: as many connections as it is told, one request at a time on each.

import { createHmac } from "node:crypto";
import { Client, type Dispatcher } from "undici";
import { answer } from "./child.ts";
import { LoadOrder, type LoadReport } from "./messages.ts";
import { nowMs, orderText } from "./order.ts";
import { percentile } from "./statistics.ts";

interface Tally {
  sent: number;
  answers: Record<string, number>;
  firstRefusal: string | null;
  /** From when it was due until the answer was whole; 2xx alone. */
  waits: number[];
}

answer({}, (order) => carryOut(LoadOrder.parse(order)));

async function carryOut(order: LoadOrder): Promise<LoadReport> {
  const paths = order.urls.map((text) => {
    const { pathname, search } = new URL(text);
    return pathname + search;
  });
  const { origin } = new URL(order.urls[0] ?? "");
  const clients = Array.from(
    { length: order.connections },
    () => new Client(origin, { pipelining: 1, keepAliveTimeout: 60_000, headersTimeout: 30_000 }),
  );
  const headers = Object.entries(order.headers).flat();
  const tally: Tally = { sent: 0, answers: {}, firstRefusal: null, waits: [] };
  const send = (client: Client, dueAt: number) => {
    const number = tally.sent++;
    const body = orderText({ round: order.round, number, dueAt });
    const path = paths[number % paths.length] ?? "/";
    const all = order.sign
      ? [...headers, ...signature(order.sign, body, `${order.round}-${number}`)]
      : headers;
    return exchange(client, { path, method: "POST", headers: all, body }, dueAt, tally);
  };
  const startedAt = nowMs();
  const until = startedAt + order.seconds * 1000;
  if (order.kind === "closed") {
    await Promise.all(
      clients.map(async (client) => {
        for (let now = nowMs(); now < until; now = nowMs()) await send(client, now);
      }),
    );
  } else {
    await openLoop(clients, startedAt, order.perSecond, Math.floor(order.perSecond * order.seconds), send);
  }
  const endedAt = nowMs();
  await Promise.all(clients.map((client) => client.close()));
  return {
    sent: tally.sent,
    accepted: tally.waits.length,
    answers: tally.answers,
    firstRefusal: tally.firstRefusal,
    startedAt,
    endedAt,
    ackP50Ms: percentile(tally.waits, 0.5),
    ackP99Ms: percentile(tally.waits, 0.99),
    ackMaxMs: percentile(tally.waits, 1),
  };
}

function signature({ secret, header, idHeader }: Required<LoadOrder>["sign"], body: string, id: string) {
  return [header, createHmac("sha256", secret).update(body).digest("base64"), idHeader, id];
}

/** Request n is due n/perSecond after the start. With no connection free it waits, and its waiting counts. */
async function openLoop(
  clients: Client[],
  startedAt: number,
  perSecond: number,
  count: number,
  send: (client: Client, dueAt: number) => Promise<void>,
): Promise<void> {
  const dueAt = (number: number) => startedAt + (number * 1000) / perSecond;
  const free = [...clients];
  const under: Set<Promise<void>> = new Set();
  let next = 0;
  const sendDue = () => {
    const now = nowMs();
    for (let client = free.at(-1); client && next < count && dueAt(next) <= now; client = free.at(-1)) {
      free.pop();
      const mine = client;
      const one = send(mine, dueAt(next++)).then(() => {
        under.delete(one);
        free.push(mine);
        sendDue();
      });
      under.add(one);
    }
  };
  while (next < count) {
    sendDue();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(under);
}

/** Resolves when the answer is whole, or when there is none; never rejects. */
function exchange(
  client: Client,
  request: Dispatcher.DispatchOptions,
  dueAt: number,
  tally: Tally,
): Promise<void> {
  return new Promise((resolve) => {
    let status = 0;
    let refusal = "";
    const count = (what: string) => {
      tally.answers[what] = (tally.answers[what] ?? 0) + 1;
      resolve();
    };
    client.dispatch(request, {
      onRequestStart() {},
      onResponseStart(_controller, code) {
        status = code;
      },
      onResponseData(_controller, part) {
        if (status >= 300 && tally.firstRefusal === null) refusal += part.toString();
      },
      onResponseEnd() {
        if (status >= 200 && status < 300) tally.waits.push(nowMs() - dueAt);
        else tally.firstRefusal ??= refusal;
        count(String(status));
      },
      onResponseError(_controller, error) {
        count("code" in error ? String(error.code) : error.name);
      },
    });
  });
}
