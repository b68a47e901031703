// Says in words what went wrong with a mail server, and whether it can be tried again.

import type { NodemailerError } from "nodemailer";
import { Refused, TryLater } from "../../shared/problem.ts";
import type { SmtpServer } from "../ports/mailer.ts";
import { hideSecrets } from "./hide-secrets.ts";
import { isTlsCode } from "./http-problems.ts";

/** A failed conversation as an error. Anything unknown comes back as it is: a bug must look like one. */
export function smtpError(error: unknown, server: SmtpServer): unknown {
  if (error instanceof Refused || error instanceof TryLater || !(error instanceof Error)) return error;
  const details: NodemailerError = error;
  const { code = "", originalCode = code, responseCode = 0 } = details;
  if (code === "") return error;

  const where = `${server.host}:${server.port}`;
  const said = hideSecrets(details.response ?? error.message, secretsOf(server)).slice(0, 500);
  const refused = (problemCode: string, sentence: string, hint: string) =>
    new Refused({ code: problemCode, sentence, hint }, { cause: error });
  // A server that answered "later" has not taken it; one that fell silent after the greeting may have.
  const maybeDone = responseCode === 0 && details.command !== "CONN" && !BEFORE_CONNECTION.has(originalCode);
  const later = (problemCode: string, sentence: string, hint: string) =>
    new TryLater({ code: problemCode, sentence, hint }, { cause: error, maybeDone });

  if (responseCode >= 400 && responseCode < 500) {
    return later("mail-try-later", `${where} can't take the mail just now.`, `It said: ${said}`);
  }
  if (code === "EAUTH" || code === "ENOAUTH") {
    return refused(
      "mail-sign-in",
      `${where} refused the sign-in.`,
      `Check the user and the password; some providers want a password made for apps. It said: ${said}`,
    );
  }
  if (isTlsCode(originalCode) || isTlsCode(code)) {
    return refused(
      "mail-tls",
      `The secure connection to ${where} can't be trusted.`,
      `${said}. Port 465 speaks TLS from the start, 587 by STARTTLS; or the certificate is wrong.`,
    );
  }
  if (code === "ETLS" && responseCode >= 500) {
    return refused(
      "mail-tls",
      `${where} offers no STARTTLS, so nothing was sent.`,
      `Use the server's port for TLS (mostly 465). It said: ${said}`,
    );
  }
  if (responseCode >= 500) {
    return refused("mail-refused", `${where} refused the mail.`, `It said: ${said}`);
  }
  if (MESSAGE_CODES.has(code)) {
    return refused("mail-bad-content", `The mail can't be sent to ${where}.`, said);
  }
  if (code === "ETIMEDOUT") {
    return later(
      "mail-timeout",
      `${where} did not answer in time.`,
      "Check the host and the port; it may be busy.",
    );
  }
  if (originalCode === "ENOTFOUND") {
    return later("mail-network", `${server.host} could not be found.`, "Check the spelling of the host.");
  }
  return later("mail-network", `The connection to ${where} failed.`, said);
}

const BEFORE_CONNECTION = new Set(["ECONNREFUSED", "EDNS", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND"]);

// The message itself is at fault, and will be next time.
const MESSAGE_CODES = new Set(["EENVELOPE", "EMESSAGE", "EFILEACCESS", "EURLACCESS", "ECONFIG"]);

/** A server may echo the command it did not like. */
function secretsOf({ user = "", password }: SmtpServer): string[] {
  return password === undefined ? [] : [`\0${user}\0${password}`, password];
}
