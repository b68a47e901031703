// Sends e-mail over SMTP, to hosts that the address guard allows.

import type { LookupAddress } from "node:dns";
import { connect, isIP, type Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { createTransport, type SMTPTransportOptions } from "nodemailer";
import { Refused } from "../../shared/problem.ts";
import type { Mailer, SmtpServer } from "../ports/mailer.ts";
import { type AddressGuard, bareHost, refuseAddress } from "./address-guard.ts";
import { composeMail } from "./smtp-message.ts";
import { smtpError } from "./smtp-problems.ts";

const CONNECT_MS = 10_000;
const GREETING_MS = 10_000;
const SILENCE_MS = 30_000;
const WHOLE_MS = 120_000;
const MAIL_PORTS = new Set([25, 465, 587, 2525]);

interface Options {
  signal?: AbortSignal;
}

/** `Mailer` on nodemailer. `hostName` is how we greet; `tls.ca` adds authorities to trust. */
export function createSmtpMailer(deps: {
  guard: AddressGuard;
  hostName?: string;
  tls?: Pick<ConnectionOptions, "ca">;
}): Mailer {
  return {
    async send(server, mail, options = {}) {
      const message = composeMail(mail);
      return talk(server, options, async (transport, signal) => {
        const info = await createTransport(transport).sendMail({ ...message, signal });
        const { accepted, rejected, response } = info;
        return { messageId: message.messageId, accepted, rejected, response };
      });
    },
    async verify(server, options = {}) {
      await talk(server, options, (transport) => createTransport(transport).verify());
    },
  };

  /** Runs one conversation: its socket is closed and its problems are in words when it ends. */
  async function talk<T>(
    given: SmtpServer,
    { signal }: Options,
    work: (transport: SMTPTransportOptions, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const server = checkServer(given);
    const stop = new AbortController();
    const onAbort = () => stop.abort(signal?.reason);
    signal?.addEventListener("abort", onAbort);
    // A server that trickles along is never silent: the whole conversation has an end too.
    const timer = setTimeout(() => stop.abort(withCode("ETIMEDOUT", "It took too long")), WHOLE_MS);
    let socket: Socket | undefined;
    try {
      const opened = await dial(server, deps.guard, stop.signal);
      socket = opened;
      return await untilAborted(stop.signal, work(transportOptions(server, opened), stop.signal));
    } catch (error) {
      // Whatever stage it failed at. After a success the mailer says good-bye by itself.
      socket?.destroy();
      signal?.throwIfAborted();
      throw smtpError(stop.signal.aborted ? stop.signal.reason : error, server);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  function transportOptions(server: SmtpServer, socket: Socket): SMTPTransportOptions {
    const { host, port, security, user, password } = server;
    return {
      // For the server name and the certificate; the connection itself is the checked one.
      host,
      port,
      getSocket: (_, callback) => callback(null, { connection: socket }),
      secure: security === "tls",
      requireTLS: security === "starttls",
      ignoreTLS: security === "none",
      tls: { ...deps.tls, ...(isIP(host) === 0 && { servername: host }) },
      auth: user === undefined ? undefined : { user, pass: password ?? "" },
      // Without it a server that offers no sign-in would get the mail unsigned.
      forceAuth: user !== undefined,
      name: deps.hostName,
      connectionTimeout: CONNECT_MS + GREETING_MS,
      greetingTimeout: GREETING_MS,
      socketTimeout: SILENCE_MS,
      socketCloseTimeout: 1_000,
      disableFileAccess: true,
      disableUrlAccess: true,
    };
  }
}

/** The server with its host as a URL would have it, so that odd spellings of an address can't pass as a name. */
function checkServer(server: SmtpServer): SmtpServer {
  const given = bareHost(server.host.trim());
  const isName = /^[^\s/?#@\\%:[\]]+$/.test(given);
  const plain =
    isIP(given) === 6 ? URL.parse(`http://[${given}]/`) : isName ? URL.parse(`http://${given}/`) : null;
  if (plain !== null) return { ...server, host: bareHost(plain.hostname) };
  throw new Refused({
    code: "mail-bad-server",
    sentence: `“${given.slice(0, 253)}” is not the name of a mail server.`,
    hint: "Write the host alone, such as smtp.example.com; the port has its own field.",
  });
}

/** A socket to one of the checked addresses, and to no other that the name may have a moment later. */
async function dial({ host, port }: SmtpServer, guard: AddressGuard, signal: AbortSignal): Promise<Socket> {
  const connecting = new AbortController();
  const onAbort = () => connecting.abort(signal.reason);
  const timer = setTimeout(() => connecting.abort(withCode("ETIMEDOUT", "Connection timeout")), CONNECT_MS);
  signal.addEventListener("abort", onAbort);
  try {
    const addresses = await untilAborted(connecting.signal, guard.resolve(host, port));
    if (!MAIL_PORTS.has(port) && !addresses.every(({ address }) => guard.allowsByPort(address, port))) {
      throw new Refused({
        code: "mail-port-not-allowed",
        sentence: `Port ${port} is not a port for mail.`,
        hint: "Use 587, 465, 25 or 2525. The person who runs this server can open another one with the ALLOW_NETWORKS setting.",
      });
    }
    const socket = await openSocket(host, port, addresses, connecting.signal);
    const address = socket.remoteAddress;
    if (address !== undefined && guard.allows(address, port)) return socket;
    socket.destroy();
    throw address === undefined ? withCode("ECONNRESET", "The other side hung up") : refuseAddress(host);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

function openSocket(
  host: string,
  port: number,
  addresses: LookupAddress[],
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      autoSelectFamily: true,
      lookup: (_, options, callback) => {
        const [first] = addresses;
        if (options.all === true || first === undefined) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
    });
    // Stays: a late error of a socket that nobody listens to must not end the process.
    socket.on("error", reject);
    const onAbort = () => {
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort);
    socket.once("close", () => signal.removeEventListener("abort", onAbort));
    socket.once("connect", () => {
      signal.removeEventListener("abort", onAbort);
      resolve(socket);
    });
  });
}

function withCode(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort);
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
