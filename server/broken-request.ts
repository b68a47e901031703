// What is answered to bytes that are no request of HTTP, or that come too slowly: a problem, as everywhere else.

import { type ServerResponse, STATUS_CODES } from "node:http";
import { type Problem, toWire } from "../shared/problem.ts";

const NO_HOST: Problem = {
  code: "not-http",
  sentence: "The request does not say which host it is for.",
  hint: "Nothing was stored. HTTP/1.1 wants a Host header.",
};

/** The whole answer to what the parser of HTTP reported, ready to be written. */
export function brokenAnswer(error: Error): string {
  const code = "code" in error ? error.code : undefined;
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return answerText(431, {
        code: "headers-too-large",
        sentence: "The address and the headers together are longer than 16 KB.",
        hint: "Nothing was stored. Send what is long in the body.",
      });
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return answerText(413, {
        code: "too-large",
        sentence: "The extensions of a chunk are longer than 16 KB.",
        hint: "Nothing was stored. Nobody reads them: leave them out.",
      });
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return answerText(408, {
        code: "request-timeout",
        sentence: "The request came too slowly: headers may take 10 seconds, the whole of it 30.",
        hint: "Nothing was stored. Send it again in one go.",
      });
    default:
      return answerText(400, {
        code: "not-http",
        sentence: `This is no request of HTTP/1.1: ${reasonOf(error)}.`,
        hint: "Nothing was stored. Look at the lengths and the line ends that the sender makes.",
      });
  }
}

/** Refuses a request without a host; its connection ends behind the answer. */
export function refuseNoHost(res: ServerResponse): void {
  const body = JSON.stringify(toWire(NO_HOST, 400));
  res.writeHead(400, headersOf(body)).end(body);
}

function answerText(status: number, problem: Problem): string {
  const body = JSON.stringify(toWire(problem, status));
  const lines = Object.entries(headersOf(body)).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, "", body].join("\r\n");
}

function headersOf(body: string): Record<string, string> {
  return {
    "Content-Type": "application/problem+json; charset=utf-8",
    "Content-Length": String(Buffer.byteLength(body)),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    Connection: "close",
  };
}

/** The parser's own words; they quote nothing of what was sent. */
function reasonOf(error: Error): string {
  const reason = "reason" in error ? String(error.reason) : error.message;
  return reason.replace(/\.$/, "");
}
