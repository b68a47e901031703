// Where all flows of the benchmark send to: answers at once, and knows what arrived when. `sink.ts [port]`

import { createServer } from "node:http";
import { answer } from "./child.ts";
import { SinkOrder, type SinkReport } from "./messages.ts";
import { markIn, nowMs } from "./order.ts";
import { percentile } from "./statistics.ts";

interface Arrivals {
  numbers: Set<number>;
  requests: number;
  lastAt: number;
  /** From when it was due to be sent until it was here. */
  waits: number[];
}

const rounds = new Map<number, Arrivals>();
const BODY = Buffer.from('{"ok":true}');
const HEADERS = { "content-type": "application/json", "content-length": BODY.byteLength };

const server = createServer((req, res) => {
  let text = "";
  req.setEncoding("utf8");
  req.on("data", (part) => {
    text += part;
  });
  req.on("end", () => {
    note(text);
    res.writeHead(200, HEADERS).end(BODY);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  answer({ url: `http://127.0.0.1:${port}/orders` }, (order) => report(SinkOrder.parse(order).round));
});

function note(text: string): void {
  const at = nowMs();
  const mark = markIn(text);
  if (!mark) return;
  let arrivals = rounds.get(mark.round);
  if (!arrivals) {
    arrivals = { numbers: new Set(), requests: 0, lastAt: 0, waits: [] };
    rounds.set(mark.round, arrivals);
  }
  arrivals.numbers.add(mark.number);
  arrivals.requests++;
  arrivals.lastAt = at;
  arrivals.waits.push(at - mark.dueAt);
}

function report(round: number): SinkReport {
  const { numbers, requests, lastAt, waits } = rounds.get(round) ?? {
    numbers: new Set(),
    requests: 0,
    lastAt: 0,
    waits: [],
  };
  return {
    arrived: numbers.size,
    requests,
    lastAt,
    p50Ms: percentile(waits, 0.5),
    p99Ms: percentile(waits, 0.99),
  };
}
