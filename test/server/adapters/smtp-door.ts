// A real mail server on this machine, and the mailer with a guard that lets it through.

import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { createAddressGuard } from "../../../server/adapters/address-guard.ts";
import { createSmtpMailer } from "../../../server/adapters/smtp-mailer.ts";
import type { Mail, SmtpServer } from "../../../server/ports/mailer.ts";
import { Refused, TryLater } from "../../../shared/problem.ts";
import { closeAfterTest, readCert } from "./loopback.ts";

export interface Arrived {
  from: string;
  to: string[];
  secure: boolean;
  helo: string;
  servername: string | undefined;
  user: unknown;
  raw: string;
  mail: ParsedMail;
}

export interface MailTarget {
  port: number;
  connections: number;
  arrived: Arrived[];
}

/** A mail server that accepts everything from anyone, but for what `options` say. */
export async function startSmtp(options: SMTPServerOptions = {}): Promise<MailTarget> {
  const target: MailTarget = { port: 0, connections: 0, arrived: [] };
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    cert: readCert("trusted"),
    key: readCert("key"),
    onConnect(_, done) {
      target.connections++;
      done();
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", async () => {
        const raw = Buffer.concat(chunks);
        const { mailFrom, rcptTo } = session.envelope;
        target.arrived.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          secure: session.secure,
          helo: session.hostNameAppearsAs,
          servername: session.servername || undefined,
          user: session.user,
          raw: raw.toString(),
          mail: await simpleParser(raw),
        });
        done();
      });
    },
    ...options,
  });
  // A refused handshake is what some tests are about.
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closeAfterTest(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  target.port = address.port;
  return target;
}

/** The mailer, let through to this machine by `port` alone; every name that ends in `.test` is this machine. */
export function openMailer(port: number, deps: { ca?: string; hostName?: string } = {}) {
  return createSmtpMailer({
    guard: createAddressGuard({
      allow: [`127.0.0.1:${port}`],
      resolve: async () => [{ address: "127.0.0.1", family: 4 }],
    }),
    hostName: deps.hostName,
    tls: deps.ca === undefined ? undefined : { ca: deps.ca },
  });
}

export const plain = (port: number): SmtpServer => ({ host: "127.0.0.1", port, security: "none" });

export const letter = (change: Partial<Mail> = {}): Mail => ({
  from: "Flow <flow@example.com>",
  to: ["ann@example.com"],
  subject: "Hello",
  text: "Hi Ann",
  messageKey: "run-1:email",
  ...change,
});

/** What it failed with; fails itself when it did not, or when it failed in no words. */
export async function mailFailure(work: Promise<unknown>): Promise<Refused | TryLater> {
  const thrown = await work.then(
    () => new Error("it worked"),
    (error: unknown) => error,
  );
  if (thrown instanceof Refused || thrown instanceof TryLater) return thrown;
  throw thrown;
}
