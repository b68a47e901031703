// Says in words what went wrong with a request, and whether it can be tried again.

import { STATUS_CODES } from "node:http";
import { Refused, TryLater } from "../../shared/problem.ts";
import { hideSecrets } from "./hide-secrets.ts";
import type { Answer } from "./http-exchange.ts";
import type { Outgoing } from "./http-request.ts";
import { parseRetryAfter } from "./retry-after.ts";

const HINT_LENGTH = 500;

/** An answer of 400 or above as an error. The hint is what the other side said, without the keys we sent it. */
export function statusError(request: Outgoing, answer: Answer, now: number): Refused | TryLater {
  const { status, headers } = answer;
  const said = hideSecrets(readStart(answer), secretsOf(request)).slice(0, HINT_LENGTH);
  const name = STATUS_CODES[status];
  const problem = {
    code: status === 429 ? "http-rate-limited" : "http-status",
    sentence: `${request.url.host} answered ${status}${name === undefined ? "" : ` ${name}`}.`,
    hint: said || HINTS[status],
  };
  const cause = { status };
  if (status < 500 && !TEMPORARY.has(status)) return new Refused(problem, { cause });
  return new TryLater(problem, { retryAfterMs: parseRetryAfter(headers["retry-after"], now), cause });
}

/** What a connection died of as an error. Anything unknown comes back as it is: a bug must look like one. */
export function connectionError(error: unknown, host: string): unknown {
  if (error instanceof Refused || error instanceof TryLater) return error;
  const code = codeOf(error);
  const said = error instanceof Error ? error.message : undefined;
  const later = (problemCode: string, sentence: string, hint?: string) =>
    new TryLater({ code: problemCode, sentence, hint }, { cause: error, maybeDone: !NEVER_SENT.has(code) });

  if (isTlsCode(code)) {
    return new Refused(
      {
        code: "http-tls",
        sentence: `The secure connection to ${host} can't be trusted.`,
        hint: `${said ?? code}. The other side has to repair its certificate, or the URL names the wrong host.`,
      },
      { cause: error },
    );
  }
  if (code === "UND_ERR_CONNECT_TIMEOUT" || code === "ETIMEDOUT") {
    return timeoutError(host, { cause: error, maybeDone: code === "ETIMEDOUT" });
  }
  if (code === "UND_ERR_HEADERS_OVERFLOW") {
    return new Refused(
      { code: "http-too-large", sentence: `The headers of the answer from ${host} are longer than 16 KB.` },
      { cause: error },
    );
  }
  if (isNamed(error, "HTTPParserError") || code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH") {
    return later("http-bad-answer", `The answer from ${host} is not HTTP.`, said);
  }
  if (code === "ENOTFOUND" || code === "ENODATA") {
    return later("http-network", `${host} could not be found.`, "Check the spelling of the host name.");
  }
  if (NETWORK_CODES.has(code)) {
    return later("http-network", `The connection to ${host} failed.`, said);
  }
  return error;
}

/** The other side did not finish in time. */
export function timeoutError(host: string, about: { cause?: unknown; maybeDone: boolean }): TryLater {
  return new TryLater(
    {
      code: "http-timeout",
      sentence: `${host} did not answer in time.`,
      hint: "It may be busy or out of reach.",
    },
    about,
  );
}

const TEMPORARY = new Set([408, 425, 429]);

const HINTS: Record<number, string> = {
  401: "The credentials were not accepted: check the connection.",
  403: "The credentials are known, but not allowed to do this.",
  404: "Check the URL: there is nothing at it.",
  405: "Check the method: the URL exists, but does not take it.",
};

const NETWORK_CODES = new Set([
  "EADDRNOTAVAIL",
  "EAI_AGAIN",
  "EAI_FAIL",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "EMFILE",
  "ENETDOWN",
  "ENETUNREACH",
  "EPIPE",
  "ESERVFAIL",
  "UND_ERR_CLOSED",
  "UND_ERR_DESTROYED",
  "UND_ERR_SOCKET",
]);

/** These came before there was a connection: the other side has heard nothing. */
const NEVER_SENT = new Set([
  "EADDRNOTAVAIL",
  "EAI_AGAIN",
  "EAI_FAIL",
  "ECONNREFUSED",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "EMFILE",
  "ENETDOWN",
  "ENETUNREACH",
  "ENODATA",
  "ENOTFOUND",
  "ESERVFAIL",
  "UND_ERR_CONNECT_TIMEOUT",
]);

// OpenSSL's verdicts on a certificate (X509_V_ERR_… without the prefix), and failures of the handshake.
const CERTIFICATE_CODES =
  /^(CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_(CA|PURPOSE)|PATH_LENGTH_|HOSTNAME_|ERROR_IN_CERT_|EE_KEY_|CA_KEY_|CA_MD_)/;

/** Does this code say that the other side's TLS is wrong, and will be wrong next time? */
export function isTlsCode(code: string): boolean {
  return (
    CERTIFICATE_CODES.test(code) ||
    code.startsWith("ERR_TLS_") ||
    code.startsWith("ERR_SSL_") ||
    code === "EPROTO"
  );
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** The start of a body as one line of text, or nothing where it is not text. */
function readStart({ body, headers }: Answer): string {
  const type = headers["content-type"] ?? "";
  if (/^(image|audio|video|font)\/|octet-stream|zip|pdf/i.test(type)) return "";
  let text = new TextDecoder().decode(body.subarray(0, 16 * 1024));
  if (/html/i.test(type) || /^\s*<(!doctype|html)/i.test(text)) {
    text = text.replace(/<(script|style|head)\b[\s\S]*?(<\/\1\s*>|$)/gi, " ").replace(/<[^<>]*>/g, " ");
  }
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
}

/** The header values that another side must not be able to echo into our records. */
function secretsOf({ headers, url }: Outgoing): string[] {
  const secrets: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (!/auth|key|token|secret|password|cookie|credential|signature/.test(name)) continue;
    // "Bearer abc": the key alone may come back too.
    secrets.push(value, ...value.split(/[\s;,=]+/).slice(1));
  }
  for (const [name, value] of url.searchParams) {
    if (/auth|key|token|secret|password|sig/i.test(name)) secrets.push(value);
  }
  return secrets.sort((a, b) => b.length - a.length);
}
