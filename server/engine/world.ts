// What a connector may use of the world: the outbound door and the mailer, bound to one attempt.

import { Refused } from "../../shared/problem.ts";
import type { JsonRequest, JsonResponse, World } from "../connectors/kit.ts";
import type { Clock } from "../ports/clock.ts";
import type { Http, HttpRequest } from "../ports/http.ts";
import type { Mailer } from "../ports/mailer.ts";
import type { EngineDeps } from "./deps.ts";
import { CREDENTIAL_NAME, MASK } from "./redact.ts";

/** The world for one attempt: whatever it sends stops with the signal, which many an attempt never asks for. */
export function createWorld(
  deps: Pick<EngineDeps, "http" | "mailer"> & { clock: Pick<Clock, "now"> },
  signalOf: () => AbortSignal,
): World {
  const send = (request: HttpRequest) => deps.http.send({ ...request, signal: signalOf() });
  return {
    http: { send, json: (request) => sendJson(send, request) },
    mailer: {
      send: (server, mail) => deps.mailer.send(server, mail, { signal: signalOf() }),
      verify: (server) => deps.mailer.verify(server, { signal: signalOf() }),
    },
    now: deps.clock.now(),
  };
}

async function sendJson(send: Http["send"], { json, ...request }: JsonRequest): Promise<JsonResponse> {
  const headers: Record<string, string> = { accept: "application/json", ...request.headers };
  if (json !== undefined) headers["content-type"] ??= "application/json";
  const answer = await send({
    ...request,
    headers,
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  const text = new TextDecoder().decode(answer.body);
  return { status: answer.status, headers: answer.headers, data: parseAnswer(text, answer.url) };
}

function parseAnswer(text: string, url: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused({
      code: "http-not-json",
      sentence: `${new URL(url).host} answered something that is not JSON.`,
      hint: text.slice(0, 500),
    });
  }
}

/** A request as it would go out, for a person to read. */
export interface SentRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | null;
}

/** The code of the refusal that ends a dry run instead of sending. */
export const NOT_SENT = "dry-run";

/** Notes every request that goes through the ports; with `dryRun` nothing is sent: a `Refused` with NOT_SENT is thrown. */
export function recordRequests(
  ports: { http: Http; mailer: Mailer },
  dryRun: boolean,
): { http: Http; mailer: Mailer; requests: SentRequest[] } {
  const requests: SentRequest[] = [];
  const note = (request: SentRequest) => {
    requests.push(request);
    if (dryRun) throw new Refused({ code: NOT_SENT, sentence: "Nothing was sent: this is a dry run." });
  };
  return {
    requests,
    http: {
      async send(request) {
        note({
          method: request.method,
          url: request.url,
          headers: maskHeaders(request.headers ?? {}),
          body: readableBody(request.body),
        });
        return ports.http.send(request);
      },
    },
    mailer: {
      async send(server, mail, options) {
        const { attachments = [], messageKey: _, ...readable } = mail;
        const body = {
          ...readable,
          attachments: attachments.map((a) => `${a.filename}, ${a.content.byteLength} bytes`),
        };
        note({
          method: "SMTP",
          url: `smtp://${server.host}:${server.port}`,
          headers: {},
          body: JSON.stringify(body, null, 2),
        });
        return ports.mailer.send(server, mail, options);
      },
      verify: (server, options) => ports.mailer.verify(server, options),
    },
  };
}

function maskHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, CREDENTIAL_NAME.test(name) ? MASK : value]),
  );
}

function readableBody(body: HttpRequest["body"]): string | null {
  if (body === undefined) return null;
  if (typeof body === "string") return body;
  if (body instanceof Uint8Array) return `(${body.byteLength} bytes)`;
  return [...body.entries()]
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : `(file ${value.name})`}`)
    .join("\n");
}
