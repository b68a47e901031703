// `npm run send -- --to <catch URL> --as stripe`: sends a request as a known provider makes it, truly signed.

import { parseArgs } from "node:util";
import { findPreset, VERIFICATION_PRESETS } from "../shared/verification-presets.ts";
import { buildSample, type SampleRequest } from "./senders/build.ts";
import { newKeyPair } from "./senders/key-pair.ts";
import { SampleRefused } from "./senders/refused.ts";
import { samplesOf } from "./senders/samples.ts";

const HELP = `Sends a catch URL a realistic request, signed as the provider signs it.

  npm run send -- --to <catch URL> --as <sender> [--event <event>] [--secret <secret>]

  --to <address>        the catch URL of a flow
  --as <sender>         who to be, such as stripe; --list shows all
  --event <event>       what happened; left out, the first event of the list is taken
  --secret <secret>     what the flow has as its secret; left out, SEND_SECRET of the environment is taken.
                        Discord and SendGrid sign with a private key: give that here, and its public key to the flow
  --setting <key=text>  what the sender needs beside the secret; may come more than once
  --signed-for <url>    sign this address instead of --to, for senders that sign it behind a proxy
  --unsigned            sends it without a signature
  --new-keys            makes a private and a public key for --as discord or sendgrid, and sends nothing
  --list                shows all senders and their events
  --help                shows this

It ends with 0 when the request was taken, 1 when it was not, and 2 when it was called wrongly.
`;

const FLAGS = {
  to: { type: "string" },
  as: { type: "string" },
  event: { type: "string" },
  secret: { type: "string" },
  setting: { type: "string", multiple: true },
  "signed-for": { type: "string" },
  unsigned: { type: "boolean" },
  "new-keys": { type: "boolean" },
  list: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

class UsageError extends Error {
  override name = "UsageError";
}

export interface Outcome {
  exit: 0 | 1 | 2;
  /** What goes to standard output, and to standard error. */
  said: string;
  complained: string;
}

/** The whole program but for the printing. */
export async function send(args: string[], env: NodeJS.ProcessEnv, now: number): Promise<Outcome> {
  try {
    const flags = readFlags(args);
    if (flags.has("help")) return { exit: 0, said: HELP, complained: "" };
    if (flags.has("list")) return { exit: 0, said: list(), complained: "" };
    if (flags.has("new-keys")) return { exit: 0, said: newKeys(senderIn(flags)), complained: "" };
    const to = addressIn(flags, "to");
    const signedFor = flags.has("signed-for") ? addressIn(flags, "signed-for") : to;
    const built = buildSample(senderIn(flags), flags.text("event"), {
      secret: flags.text("secret") ?? env.SEND_SECRET ?? "",
      url: signedFor,
      now,
      settings: settingsIn(flags),
      unsigned: flags.has("unsigned"),
    });
    return await post(built, to);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof SampleRefused)) throw error;
    return { exit: 2, said: "", complained: `${error.message} See: npm run send -- --help\n` };
  }
}

interface Flags {
  has(name: keyof typeof FLAGS): boolean;
  text(name: keyof typeof FLAGS): string | undefined;
  all(name: keyof typeof FLAGS): string[];
}

function readFlags(args: string[]): Flags {
  // not strict: the sentences are our own
  const { values, positionals } = parseArgs({ args, options: FLAGS, strict: false, allowPositionals: true });
  const given = new Map<string, unknown[]>();
  for (const [name, value] of Object.entries(values)) {
    if (!isFlag(name)) throw new UsageError(`There is no flag ${name.length === 1 ? "-" : "--"}${name}.`);
    const all = Array.isArray(value) ? value : [value];
    const wants = FLAGS[name].type;
    // A flag that has no value takes the next flag for it.
    if (all.some((each) => typeof each !== wants || String(each).startsWith("--"))) {
      throw new UsageError(wants === "string" ? `--${name} needs a value.` : `--${name} takes no value.`);
    }
    given.set(name, all);
  }
  if (positionals[0] !== undefined) throw new UsageError(`“${positionals[0]}” belongs to no flag.`);
  const all = (name: string) => (given.get(name) ?? []).map(String);
  return { has: (name) => given.has(name), text: (name) => all(name)[0], all };
}

function isFlag(name: string): name is keyof typeof FLAGS {
  return Object.hasOwn(FLAGS, name);
}

function senderIn(flags: Flags): string {
  const id = flags.text("as");
  if (id === undefined) throw new UsageError("--as is missing: the sender to be, such as stripe.");
  if (!findPreset(id)) throw new UsageError(`No sender is called “${id}”; --list shows all.`);
  return id;
}

function addressIn(flags: Flags, name: "to" | "signed-for"): string {
  const text = flags.text(name);
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new UsageError(
      text === undefined
        ? `--${name} is missing: the catch URL of a flow.`
        : `--${name} is “${text}”, which is no address that begins with http:// or https://.`,
    );
  }
  return url.href;
}

function settingsIn(flags: Flags): Record<string, string> {
  const pairs = flags.all("setting").map((text) => {
    const at = text.indexOf("=");
    if (at < 1) throw new UsageError(`--setting is written as key=text, and “${text}” is not.`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
  return Object.fromEntries(pairs);
}

function list(): string {
  const lines = VERIFICATION_PRESETS.flatMap((preset) => [
    `${preset.id.padEnd(20)}${preset.name}`,
    ...samplesOf(preset.id).map(({ event, name }) => `  ${event.padEnd(34)}${name}`),
  ]);
  return `${lines.join("\n")}\n`;
}

function newKeys(id: string): string {
  const { secret, publicKey } = newKeyPair(id);
  return [
    `Public key, for the flow:        ${publicKey}`,
    `Private key, for --secret here:  ${secret}`,
    "It is shown this once, and kept nowhere.",
    "",
  ].join("\n");
}

const PATIENCE_MS = 40_000;

async function post(sample: SampleRequest, to: string): Promise<Outcome> {
  const { method, headers, body } = sample;
  const signed = sample.signedIn === null ? "not signed" : `signed in ${sample.signedIn}`;
  const sent = `Sent “${sample.name}” (${sample.event}) as ${sample.sender}: ${body.byteLength} bytes, ${signed}.\n`;
  try {
    const answer = await fetch(to, {
      method,
      headers,
      body: Buffer.from(body),
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const said = `${sent}Answered ${answer.status}${answer.statusText && ` ${printed(answer.statusText)}`}.\n${shown(await answer.text())}`;
    return { exit: answer.ok ? 0 : 1, said, complained: "" };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = cause instanceof Error && cause.message !== "" ? cause.message : "it could not be reached";
    return { exit: 1, said: sent, complained: `${new URL(to).host} gave no answer: ${why}.\n` };
  }
}

const SHOWN = 1_000;

/** An answer of ours in words, anything else as it is; nothing of it moves the terminal's cursor. */
function shown(text: string): string {
  const data = parsed(text);
  const isProblem = typeof data === "object" && data !== null && "title" in data;
  const hint = isProblem && "detail" in data ? `\n${data.detail}` : "";
  const printable = printed(isProblem ? `${data.title}${hint}` : text);
  if (printable === "") return "";
  return printable.length > SHOWN ? `${printable.slice(0, SHOWN)} …\n` : `${printable}\n`;
}

function printed(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, "·");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function main(): Promise<void> {
  const { exit, said, complained } = await send(process.argv.slice(2), process.env, Date.now());
  process.stdout.write(said);
  process.stderr.write(complained);
  process.exitCode = exit;
}

if (import.meta.main) await main();
