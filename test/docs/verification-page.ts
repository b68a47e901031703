// docs/verification.md, made of the senders that are known and of their samples.

import { samplesOf } from "../../server/senders/samples.ts";
import type { RequestPart, SignatureScheme, VerificationPreset } from "../../shared/verification.ts";
import { VERIFICATION_PRESETS } from "../../shared/verification-presets.ts";

const INTRO = `<!-- Written by test/docs/write-verification-doc.ts from the tables of senders. Do not edit by hand. -->

# Knowing the sender

A catch URL cannot be guessed, and that is all that protects it until its flow is told who may call it. Then every
request is checked before anything else is done with it: what does not fit is answered with \`401\`, starts nothing, and
stands in the inbox with what is wrong in words.

- What is signed are the bytes of the body as they came. A proxy that writes JSON anew breaks every signature.
- Some senders sign the address, too. It has to be the one that the sender was given: set \`PUBLIC_URL\` to it.
- A flow can have up to five secrets at a time, and any of them will do. So a secret is changed without a gap: add the
  new one here, change it at the sender, take the old one away.
- A secret that is missing or cannot be read lets nobody in.
- Where the time is signed, a request is taken this long before and after it. The flow's settings can name another span.

## Senders

${VERIFICATION_PRESETS.length} are known by name. Everybody else can be described: which header, what is signed, how, and how it is written. Or
they show a password, a token in a header or in the address, or a JSON Web Token.
`;

const SEND = `## Trying it

\`npm run send\` is one of these senders: it sends a request as that sender makes it, signed with the secret that you give.

\`\`\`
npm run send -- --list
npm run send -- --to https://flows.example.com/catch/… --as stripe --event invoice.paid --secret whsec_…
\`\`\`

Discord and SendGrid sign with a private key. \`npm run send -- --as discord --new-keys\` makes one, and the public key
that the flow needs. Only PayPal can sign as PayPal; \`--unsigned\` shows at least what such a request looks like.

`;

/** The whole page. */
export function verificationMarkdown(): string {
  return `${INTRO}\n${table()}\n${details()}\n${SEND}${samples()}`;
}

function table(): string {
  const rows = VERIFICATION_PRESETS.map((preset) => [
    `[${preset.name}](#${anchor(preset)})`,
    preset.scheme ? place(preset.scheme.signature) : "–",
    preset.scheme ? algorithm(preset.scheme) : "–",
    span(preset.scheme?.toleranceSeconds ?? null),
    preset.dedupe ? place(preset.dedupe) : "–",
  ]);
  return markdownTable(["Sender", "Signature in", "Made with", "Time", "Duplicates told by"], rows);
}

function details(): string {
  return VERIFICATION_PRESETS.map((preset) => {
    const { name, method, secretLabel, secretHelp, settings, handshake, source } = preset;
    const lines = [
      method,
      ...(preset.scheme ? [`Signed is ${signed(preset.scheme)}.`] : []),
      ...(preset.needsSecret ? [`**${secretLabel}:** ${secretHelp}`] : []),
      ...settings.map(({ label, help }) => `**${label}:** ${help}`),
      ...(handshake === null ? [] : [`**Before the first event:** ${handshake}`]),
      `[What ${name} says about it](${source})`,
    ];
    return `### ${name}\n\n${lines.join("\n\n")}\n`;
  }).join("\n");
}

function samples(): string {
  const rows = VERIFICATION_PRESETS.map(({ id, name }) => [
    `\`${id}\``,
    name,
    samplesOf(id)
      .map(({ event }) => `\`${event}\``)
      .join(", "),
  ]);
  return markdownTable(["`--as`", "Sender", "`--event`"], rows);
}

function anchor({ name }: VerificationPreset): string {
  return name
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, "")
    .replaceAll(" ", "-");
}

function place(part: RequestPart): string {
  switch (part.in) {
    case "header": {
      const or = part.or === undefined ? "" : ` or \`${part.or}\``;
      return `\`${part.name}\`${or}${part.and === undefined ? "" : ` with \`${part.and}\``}`;
    }
    case "signature":
      return `\`${part.name}\` of the signature`;
    case "body":
      return `\`${part.path}\` of the body`;
  }
}

const ALGORITHMS: Record<SignatureScheme["algorithm"], string> = {
  "hmac-sha1": "HMAC-SHA1",
  "hmac-sha256": "HMAC-SHA256",
  "hmac-sha512": "HMAC-SHA512",
  sha256: "SHA-256",
  ed25519: "Ed25519",
  "ecdsa-p256-sha256": "ECDSA P-256",
};

function algorithm(scheme: SignatureScheme): string {
  return `${ALGORITHMS[scheme.algorithm]}, ${scheme.encoding}`;
}

const PARTS = {
  body: "the body",
  timestamp: "the time",
  id: "the id",
  method: "the method",
  url: "the address",
  "url-unescaped": "the address (some of its escapes undone)",
  secret: "the secret",
  form: "the form's fields, sorted",
} satisfies Record<Extract<SignatureScheme["signed"][number], string>, string>;

function signed(scheme: SignatureScheme): string {
  return scheme.signed
    .map((part) => (typeof part === "object" ? `\`${part.text}\`` : PARTS[part]))
    .join(", ");
}

function span(seconds: number | null): string {
  if (seconds === null) return "–";
  if (seconds % 3_600 === 0) return `${seconds / 3_600} h`;
  return seconds < 120 ? `${seconds} s` : `${seconds / 60} min`;
}

function markdownTable(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return `${[line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")}\n`;
}
