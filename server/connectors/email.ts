// Sends e-mail through any SMTP server.

import { z } from "zod";
import { type FileValue, field } from "../../shared/field.ts";
import { Refused } from "../../shared/problem.ts";
import { action, connection, connector, done, EXAMPLE_KEY } from "./kit.ts";

const fields = z.object({
  host: field.text({
    label: "Server",
    help: "Your provider calls it “outgoing mail server” or “SMTP server”.",
    placeholder: "smtp.example.com",
  }),
  port: field.number({
    label: "Port",
    help: "587 with STARTTLS, 465 with TLS.",
    min: 1,
    max: 65_535,
    whole: true,
    default: 587,
  }),
  security: field.select(["starttls", "tls", "none"], {
    label: "Security",
    help: "Use “none” only for a server on the same machine or network: passwords travel readably.",
    labels: { starttls: "STARTTLS (port 587)", tls: "TLS (port 465)", none: "None" },
    default: "starttls",
  }),
  user: field.textOptional({
    label: "User name",
    help: "Mostly the e-mail address. Empty where the server asks for none.",
    placeholder: "orders@example.com",
  }),
  password: field.secretOptional({
    label: "Password",
    help: "With two-factor sign-in, providers want an “app password” here.",
  }),
  from: field.text({
    label: "From",
    help: "Who the mail comes from, unless a step says otherwise. The server has to allow it.",
    placeholder: "Tea & Kettle <orders@example.com>",
  }),
});

type Auth = z.output<typeof fields>;

const smtp = connection({
  help: "Your mail provider's help pages list these under “SMTP” or “set up a mail program”.",
  fields,
  async check({ auth, mailer }) {
    oneAddress(auth.from, "from", "From");
    await mailer.verify(serverOf(auth));
    return `${auth.host} lets ${auth.user ?? "this server"} send mail.`;
  },
});

const send = action({
  name: "Send an e-mail",
  description: "Sends a message with text, HTML and attachments.",
  connection: smtp,
  input: z.object({
    to: field.list({
      label: "To",
      help: "One or more addresses, as ada@example.com or Ada Lovelace <ada@example.com>; commas may separate them.",
      placeholder: "{{trigger.body.email}}",
      min: 1,
    }),
    subject: field.text({
      label: "Subject",
      help: "One line.",
      placeholder: "Your order {{trigger.body.name}}",
    }),
    text: field.longTextOptional({
      label: "Text",
      help: "The message as plain text. Fill in this, the HTML, or both.",
      placeholder: "Hello {{trigger.body.customer.first_name}}, thank you for your order.",
    }),
    html: field.longTextOptional({
      label: "HTML",
      help: "The message with formatting. Add “| html_escape” to what comes out of an event.",
      placeholder: "<p>Hello <b>{{trigger.body.customer.first_name | html_escape}}</b></p>",
      advanced: true,
    }),
    cc: field.list({ label: "Cc", help: "Who gets a copy that everyone sees.", advanced: true }),
    bcc: field.list({ label: "Bcc", help: "Who gets a copy that nobody else sees.", advanced: true }),
    replyTo: field.textOptional({
      label: "Reply to",
      help: "Where answers go, when not to the sender.",
      placeholder: "support@example.com",
      advanced: true,
    }),
    from: field.textOptional({
      label: "From",
      help: "Instead of the connection's own. The server has to allow it.",
      placeholder: "Tea & Kettle <orders@example.com>",
      advanced: true,
    }),
    attachments: field.rows(
      {
        filename: field.text({
          label: "File name",
          help: "As the reader sees it.",
          placeholder: "invoice.pdf",
        }),
        content: field.file({
          label: "Content",
          help: "Text, or a file out of an earlier step such as {{http.body}}.",
          placeholder: "{{http.body}}",
        }),
        contentType: field.textOptional({
          label: "Content type",
          help: "What the file is; mostly its name is enough.",
          placeholder: "application/pdf",
        }),
        encoding: field.select(["text", "base64"], {
          label: "The content is",
          help: "Base64 is how files look that came as JSON: long, and without spaces.",
          labels: { text: "Text", base64: "Base64" },
          default: "text",
        }),
      },
      { label: "Attachments", help: "Files that go with the message; 10 MB in all.", advanced: true },
    ),
  }),
  // The Message-ID comes from the key: most mail systems show a message that comes twice once.
  repeat: "with key",
  async run({ input, auth, mailer, key }) {
    const to = addresses(input.to, "to", "To");
    if (to.length === 0) throw refuse("to", "The message has no recipient.", "Fill in “To”.");
    if (input.text === undefined && input.html === undefined) {
      throw refuse("text", "The message is empty.", "Fill in the text, or the HTML.");
    }
    const cc = addresses(input.cc, "cc", "Cc");
    const bcc = addresses(input.bcc, "bcc", "Bcc");
    const attachments = input.attachments.map(attachmentOf);
    if (attachments.reduce((sum, one) => sum + one.content.byteLength, 0) > MOST_ATTACHED) {
      throw refuse("attachments", "The attachments are larger than 10 MB.", "Send a link instead.");
    }
    const receipt = await mailer.send(serverOf(auth), {
      from: oneAddress(input.from ?? auth.from, "from", "From"),
      to,
      ...(cc.length > 0 ? { cc } : {}),
      ...(bcc.length > 0 ? { bcc } : {}),
      ...(input.replyTo === undefined ? {} : { replyTo: oneAddress(input.replyTo, "replyTo", "Reply to") }),
      subject: oneLine(input.subject.trim(), "subject", "Subject"),
      ...(input.text === undefined ? {} : { text: input.text }),
      ...(input.html === undefined ? {} : { html: input.html }),
      ...(attachments.length > 0 ? { attachments } : {}),
      messageKey: key,
    });
    if (receipt.accepted.length === 0) {
      throw refuse(
        "to",
        `The mail server took none of the recipients: ${receipt.response}`,
        "Check the addresses.",
      );
    }
    const { messageId, accepted, rejected, response } = receipt;
    return done({ messageId, accepted, rejected, response });
  },
  examples: [
    {
      name: "confirms an order",
      input: {
        to: "Ada Lovelace <ada@example.com>",
        subject: "Your order #1001",
        text: "Hello Ada, thank you for your order.",
      },
      auth: {
        host: "smtp.example.com",
        user: "orders@example.com",
        password: "app-password",
        from: "Tea & Kettle <orders@example.com>",
      },
      mails: [
        {
          server: {
            host: "smtp.example.com",
            port: 587,
            security: "starttls",
            user: "orders@example.com",
            password: "app-password",
          },
          mail: {
            from: '"Tea & Kettle" <orders@example.com>',
            to: ["Ada Lovelace <ada@example.com>"],
            subject: "Your order #1001",
            text: "Hello Ada, thank you for your order.",
            messageKey: EXAMPLE_KEY,
          },
          receipt: {
            messageId: "<6f1c9a52@example.com>",
            accepted: ["ada@example.com"],
            rejected: [],
            response: "250 2.0.0 OK: queued as 4TqX2k",
          },
        },
      ],
      output: {
        messageId: "<6f1c9a52@example.com>",
        accepted: ["ada@example.com"],
        rejected: [],
        response: "250 2.0.0 OK: queued as 4TqX2k",
      },
    },
    {
      name: "sends copies and attachments",
      input: {
        to: ['ada@example.com, "Babbage, Charles" <charles@example.com>'],
        cc: ["grace@example.com"],
        bcc: ["archive@example.com"],
        replyTo: "support@example.com",
        from: "invoices@example.com",
        subject: "Invoice",
        html: "<p>Attached.</p>",
        attachments: [
          { filename: "note.txt", content: "paid" },
          {
            filename: "invoice.pdf",
            content: { contentType: "application/pdf", size: 5, base64: "JVBERi0=" },
          },
        ],
      },
      auth: { host: "localhost", port: 25, security: "none", from: "orders@example.com" },
      mails: [
        {
          server: { host: "localhost", port: 25, security: "none" },
          mail: {
            from: "invoices@example.com",
            to: ["ada@example.com", '"Babbage, Charles" <charles@example.com>'],
            cc: ["grace@example.com"],
            bcc: ["archive@example.com"],
            replyTo: "support@example.com",
            subject: "Invoice",
            html: "<p>Attached.</p>",
            attachments: [
              { filename: "note.txt", content: Buffer.from("paid") },
              { filename: "invoice.pdf", content: Buffer.from("%PDF-"), contentType: "application/pdf" },
            ],
          },
          receipt: {
            messageId: "<77aa@example.com>",
            accepted: ["ada@example.com"],
            rejected: ["charles@example.com"],
            response: "250 OK",
          },
        },
      ],
      output: {
        messageId: "<77aa@example.com>",
        accepted: ["ada@example.com"],
        rejected: ["charles@example.com"],
        response: "250 OK",
      },
    },
  ],
});

export const email = connector({
  id: "email",
  name: "E-mail",
  description: "Send e-mail through your own mail server or provider.",
  color: "#e8590c",
  icon: "mail",
  connection: smtp,
  actions: { send },
});

const MOST_ATTACHED = 10 * 1024 * 1024;
const MOST_RECIPIENTS = 100;

function serverOf({ host, port, security, user, password }: Auth) {
  return {
    host,
    port,
    security,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
  };
}

function addresses(texts: string[], key: string, label: string): string[] {
  if (texts.join().length > 20_000) {
    throw refuse(key, `“${label}” is too long for a list of addresses.`, "Check which value it takes.");
  }
  const found = texts.flatMap((text) => splitAddresses(oneLine(text, key, label)));
  if (found.length > MOST_RECIPIENTS) {
    throw refuse(
      key,
      `“${label}” has ${found.length} addresses; ${MOST_RECIPIENTS} go at a time.`,
      "Send several mails.",
    );
  }
  return found.map((text) => readAddress(text, key, label));
}

function oneAddress(text: string, key: string, label: string): string {
  const [first, second] = addresses([text], key, label);
  if (first !== undefined && second === undefined) return first;
  throw refuse(key, `“${label}” needs one address.`, "Write it as ada@example.com.");
}

/** A line break would start a header of its own. */
function oneLine(text: string, key: string, label: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (!/[\x00-\x1f\x7f\u2028\u2029]/.test(text)) return text;
  throw refuse(
    key,
    `“${label}” holds a line break.`,
    "Add “| trim” to what comes out of the event, or “| replace” it.",
  );
}

/** At commas and semicolons, but not within quotes or angle brackets. */
function splitAddresses(text: string): string[] {
  return (text.match(/(?:"(?:\\.|[^"\\])*"|<[^>]*>|[^,;"<]|["<])+/g) ?? [])
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** `Ada Lovelace <ada@example.com>`; the name in quotes where it has to be. */
function readAddress(text: string, key: string, label: string): string {
  const { name = "", angle, plain } = ADDRESS.exec(text)?.groups ?? {};
  const address = angle ?? plain ?? "";
  if (!isAddress(address)) {
    throw refuse(
      key,
      `“${text.slice(0, 80)}” in “${label}” is not an e-mail address.`,
      "Write it as ada@example.com.",
    );
  }
  const shown = name.trim().replace(/^"(.*)"$/, (_, quoted: string) => quoted.replace(/\\(.)/g, "$1"));
  if (shown === "") return address;
  const quoted = /^[\p{L}\p{M}\p{N} !#$%*'+/=?^_`{|}~-]+$/u.test(shown)
    ? shown
    : `"${shown.replace(/["\\]/g, "\\$&")}"`;
  return `${quoted} <${address}>`;
}

const ADDRESS = /^(?:(?<name>[^<>]*)<(?<angle>[^<>]*)>|(?<plain>[^<>]*))$/;

/** Strict where a mail server could read more than one address, generous with everything else. */
function isAddress(text: string): boolean {
  return (
    text.length <= 254 &&
    /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~.-]{1,64}@[\p{L}\p{N}][\p{L}\p{N}-]*(\.[\p{L}\p{N}-]+)*$/u.test(text)
  );
}

interface Attachment {
  filename: string;
  content: string | FileValue;
  contentType?: string | undefined;
  encoding: "text" | "base64";
}

function attachmentOf({ filename, content, contentType, encoding }: Attachment) {
  const type = contentType ?? (typeof content === "string" ? undefined : content.contentType);
  return {
    filename: oneLine(filename, "attachments", "File name").replaceAll(/[/\\]/g, "_"),
    content: bytesOf(content, encoding),
    ...(type === undefined ? {} : { contentType: oneLine(type, "attachments", "Content type") }),
  };
}

function bytesOf(content: string | FileValue, encoding: "text" | "base64"): Uint8Array {
  if (typeof content !== "string") return Buffer.from(content.base64, "base64");
  if (encoding === "text") return Buffer.from(content);
  const base64 = content.replace(/^data:[^,]*;base64,/, "").replace(/\s/g, "");
  if (/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return Buffer.from(base64, "base64");
  throw refuse("attachments", "The content of an attachment is not base64.", "Choose “Text” for text.");
}

function refuse(key: string, sentence: string, hint: string): Refused {
  return new Refused({ code: "input-invalid", sentence, hint, field: key });
}
