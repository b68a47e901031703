// Turns a mail into what nodemailer sends: addresses checked, contents that are text or bytes and nothing else.

import { createHash } from "node:crypto";
import { domainToASCII } from "node:url";
import { Refused } from "../../shared/problem.ts";
import type { Mail } from "../ports/mailer.ts";

export interface Address {
  name: string;
  address: string;
}

export interface Message {
  from: Address;
  to: Address[];
  cc: Address[];
  bcc: Address[];
  replyTo: Address | undefined;
  subject: string;
  text: string | undefined;
  html: string | undefined;
  attachments: { filename: string; content: Buffer; contentType: string | undefined }[];
  messageId: string;
  xMailer: false;
}

/** The message of a mail. Throws `Refused` for an address or a content that can't be sent. */
export function composeMail(mail: Mail): Message {
  const message: Message = {
    from: parseAddress(mail.from, "from"),
    to: parseAddresses(mail.to, "to"),
    cc: parseAddresses(mail.cc, "cc"),
    bcc: parseAddresses(mail.bcc, "bcc"),
    replyTo: mail.replyTo === undefined ? undefined : parseAddress(mail.replyTo, "replyTo"),
    subject: requireText(mail.subject, "subject").replace(/\p{Cc}+/gu, " "),
    text: mail.text === undefined ? undefined : requireText(mail.text, "text"),
    html: mail.html === undefined ? undefined : requireText(mail.html, "html"),
    attachments: (mail.attachments ?? []).map(readAttachment),
    messageId: messageIdOf(mail.messageKey),
    xMailer: false,
  };
  if (message.to.length + message.cc.length + message.bcc.length === 0) {
    throw badAddress("The mail has no recipient.", "to");
  }
  return message;
}

/** The same key gives the same Message-ID, by which most mail systems drop a repeated message. */
export function messageIdOf(messageKey: string): string {
  return `<${createHash("sha256").update(messageKey).digest("hex").slice(0, 32)}@flowcatch>`;
}

function parseAddresses(texts: string[] | undefined, field: string): Address[] {
  return (texts ?? []).map((text) => parseAddress(text, field));
}

// 1 "Ann, of Sales" <3>   2 Ann <3>   4 ann@example.com
const ADDRESS = /^(?:(?:"((?:[^"\\]|\\.)*)"\s*|([^"<>,;]*))<([^<>\s]+)>|([^<>\s]+))$/;
const LONGEST = 1_000;
const LOCAL_PART = /^[^\s\p{C}@"<>(),:;\\[\]]{1,64}$/u;
const DOMAIN_LABEL = /^[\p{L}\p{N}]([\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u;

/** `ann@example.com` or `Ann <ann@example.com>`: exactly one, no group, nothing left over. */
function parseAddress(given: string, field: string): Address {
  // Checked at run time too: what a template renders is only as good as its data.
  if (typeof given !== "string") throw badAddress("An address is not text.", field);
  // A line break would begin a header of the sender's choice.
  if (/[\r\n\0]/.test(given)) throw badAddress("An address holds a line break.", field);
  if (given.length > LONGEST) throw badAddress("An address is far too long.", field);
  const text = given.trim();
  const [, quoted, bare = "", inBrackets, alone = ""] = ADDRESS.exec(text) ?? [];
  const [local = "", domain = "", ...rest] = (inBrackets ?? alone).split("@");
  const isGood = rest.length === 0 && LOCAL_PART.test(local) && domain.split(".").every(isLabel);
  // The form that every mail server knows.
  const ascii = isGood ? domainToASCII(domain) : "";
  if (ascii === "") {
    const hint = /[,;]/.test(text) ? "Put every address in a place of its own." : undefined;
    throw badAddress(`“${shorten(text)}” is not an e-mail address.`, field, hint);
  }
  const name = quoted?.replace(/\\(.)/g, "$1") ?? bare;
  return { name: name.replace(/\p{Cc}+/gu, " ").trim(), address: `${local}@${ascii}` };
}

function isLabel(label: string): boolean {
  return label.length < 64 && DOMAIN_LABEL.test(label);
}

function readAttachment(
  attachment: NonNullable<Mail["attachments"]>[number],
): Message["attachments"][number] {
  const { filename, content, contentType } = attachment;
  // A path or a link here would make the mailer read a file or fetch an address.
  if (!(content instanceof Uint8Array))
    throw badContent("An attachment is not a file's bytes.", "attachments");
  if (contentType !== undefined && !/^[\w.+-]+\/[\w.+-]+(;[^\r\n\0]*)?$/.test(contentType)) {
    throw badContent(`“${shorten(contentType)}” is not the type of a file.`, "attachments");
  }
  return {
    filename: requireText(filename, "attachments").replace(/[\p{Cc}/\\]+/gu, "_"),
    content: Buffer.from(content.buffer, content.byteOffset, content.byteLength),
    contentType,
  };
}

function requireText(value: unknown, field: string): string {
  if (typeof value !== "string") throw badContent(`“${field}” is not text.`, field);
  return value;
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function badAddress(
  sentence: string,
  field: string,
  hint = "Write it as ann@example.com or Ann <ann@example.com>.",
): Refused {
  return new Refused({ code: "mail-bad-address", sentence, hint, field });
}

function badContent(sentence: string, field: string): Refused {
  return new Refused({ code: "mail-bad-content", sentence, hint: "Check what the step puts there.", field });
}
