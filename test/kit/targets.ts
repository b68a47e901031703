// What flows talk to, for real and on loopback: an HTTP API, a Slack-shaped one, and an SMTP server. All of them remember.

import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

export interface TargetRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** `body` as JSON, or undefined. */
  json: unknown;
  at: number;
}

export type TargetAnswer = { status?: number; headers?: Record<string, string>; body?: string };

export interface HttpTarget {
  url: string;
  port: number;
  requests: TargetRequest[];
  /** Called for each request; what it gives is the answer. It may take its time. */
  answer: (request: TargetRequest) => TargetAnswer | Promise<TargetAnswer>;
  close(): Promise<void>;
}

export async function startHttpTarget(
  answer: HttpTarget["answer"] = () => ({ body: '{"ok":true}' }),
): Promise<HttpTarget> {
  const requests: TargetRequest[] = [];
  const target: HttpTarget = { url: "", port: 0, requests, answer, close };
  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing));

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse) {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const { method = "", url: path = "", headers } = incoming;
    const request = { method, path, headers, body, json: parse(body), at: Date.now() };
    requests.push(request);
    const { status = 200, headers: more, body: text = "" } = await target.answer(request);
    outgoing.writeHead(status, { "content-type": "application/json", ...more }).end(text);
  }
  async function close() {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  target.port = await listen(server);
  target.url = `http://127.0.0.1:${target.port}`;
  return target;
}

/** Answers as Slack's incoming webhooks and its `chat.postMessage` do. */
export function startSlackTarget(): Promise<HttpTarget> {
  return startHttpTarget(({ path }) =>
    path.startsWith("/services/")
      ? { headers: { "content-type": "text/html" }, body: "ok" }
      : {
          body: JSON.stringify({
            ok: true,
            channel: "C0EXAMPLE",
            ts: "1790000000.000100",
            message: { type: "message" },
          }),
        },
  );
}

export interface SmtpTarget {
  host: string;
  port: number;
  user: string;
  password: string;
  mails: { mail: ParsedMail; from: string; to: string[] }[];
  close(): Promise<void>;
}

/** An SMTP server that wants a sign-in and keeps every message. It speaks plain text: loopback only. */
export async function startSmtpTarget(): Promise<SmtpTarget> {
  const user = "shop@example.com";
  const password = "smtp-target-password";
  const mails: SmtpTarget["mails"] = [];
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    onAuth({ username, password: given }, _, callback) {
      if (username === user && given === password) callback(null, { user });
      else callback(new Error("Invalid username or password"));
    },
    onData(stream, session, callback) {
      const { mailFrom, rcptTo } = session.envelope;
      simpleParser(stream)
        .then((mail) =>
          mails.push({ mail, from: mailFrom ? mailFrom.address : "", to: rcptTo.map((r) => r.address) }),
        )
        .then(() => callback(), callback);
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    host: "127.0.0.1",
    port,
    user,
    password,
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
