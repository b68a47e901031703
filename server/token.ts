// `npm run token -- --name ci`: prints a new API token, whether the server runs or not.
//
//   server stopped   the token goes into the database
//   server running   it has the database for itself, so it is asked, with a proof made from the encryption key
//   on MongoDB       the token goes into the database, which nobody has for himself

import { parseArgs } from "node:util";
import { z } from "zod";
import { createSqliteStore } from "./adapters/sqlite-store.ts";
import { ConfigError, readConfig } from "./config.ts";
import { makeDataFolder, readAddress, readKey, StartRefused } from "./data-folder.ts";
import { LOCAL_SCHEME, localKeyFrom, makeLocalProof } from "./local-proof.ts";
import { type Store, StoreUnavailable } from "./ports/store.ts";
import { newToken } from "./routes/token-text.ts";
import { openFolder, openMongo } from "./storage.ts";
import { DEFAULT_WORKSPACE } from "./workspace.ts";

const USAGE = "npm run token -- --name <what it is for>";
const HELP = `Makes an API token and prints it, this once.

  ${USAGE}

  --name <text>    what it is for, as the list of tokens shows it
  --help           shows this

It takes the settings of the server, such as DATA_DIR or MONGO_URL, from the environment. The server may run or not. It
ends with 0 when the token was made, and 1 when not.
`;

/** The text of a new token. */
export async function makeToken(env: NodeJS.ProcessEnv, name: string): Promise<string> {
  const config = readConfig(env);
  if (config.mongoUrl !== undefined) return writeToken(await openMongo(config.mongoUrl, SILENT), name);
  makeDataFolder(config.dataDir);
  const address = readAddress(config.dataDir);
  const keyText = readKey(config.dataDir, config.encryptionKey);
  if (address !== undefined && keyText !== undefined) {
    const text = await askServer(address, keyText, name);
    if (text !== undefined) return text;
  }
  return writeToken(createSqliteStore(openFolder(config.dataDir)), name);
}

/** Undefined when nobody listens there: then the note was left by a server that was killed. */
async function askServer(address: string, keyText: string, name: string): Promise<string | undefined> {
  const answer = await fetch(`${address}/api/tokens`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Authorization: `${LOCAL_SCHEME} ${makeLocalProof(localKeyFrom(keyText), Date.now())}`,
    },
    body: JSON.stringify({ name }),
  }).catch(() => undefined);
  if (answer === undefined) return undefined;
  const made = z.object({ token: z.string() }).safeParse(await answer.json().catch(() => null));
  if (!answer.ok || !made.success) {
    throw new StartRefused(`The server at ${address} refused to make a token (${answer.status}).`);
  }
  return made.data.token;
}

const SILENT = { info: () => {} };

async function writeToken(store: Store, name: string): Promise<string> {
  try {
    const { text, token } = newToken(DEFAULT_WORKSPACE, name, Date.now());
    await store.accounts.insertToken(token);
    return text;
  } finally {
    await store.close();
  }
}

const LONGEST_NAME = 200;

/** What was asked for; null is for help. Throws a StartRefused with a sentence. */
function readName(args: string[]): string | null {
  // not strict: the sentences are our own
  const { values, positionals } = parseArgs({ args, options: FLAGS, strict: false, allowPositionals: true });
  if (values.help !== undefined) return null;
  const unknown = Object.keys(values).find((name) => !Object.hasOwn(FLAGS, name));
  const [stray] = positionals;
  // A flag that has no value takes the next flag for it.
  const isGiven = typeof values.name === "string" && !values.name.startsWith("--");
  const name = isGiven ? String(values.name).trim() : "";
  if (unknown !== undefined) {
    throw new StartRefused(`There is no flag ${unknown.length === 1 ? "-" : "--"}${unknown}: ${USAGE}`);
  }
  if (stray !== undefined) throw new StartRefused(`“${stray}” belongs to no flag: ${USAGE}`);
  if (name === "") throw new StartRefused(`Give the token a name: ${USAGE}`);
  if (name.length > LONGEST_NAME) {
    throw new StartRefused(
      `The name is longer than ${LONGEST_NAME} characters. Give the token a shorter one.`,
    );
  }
  return name;
}

const FLAGS = { name: { type: "string" }, help: { type: "boolean", short: "h" } } as const;

async function main(): Promise<void> {
  try {
    const name = readName(process.argv.slice(2));
    if (name === null) {
      process.stdout.write(HELP);
      return;
    }
    const text = await makeToken(process.env, name);
    process.stdout.write(`${text}\n`);
    process.stderr.write("This is the only time it is shown. Send it as “Authorization: Bearer …”.\n");
  } catch (error) {
    const isStore = error instanceof StoreUnavailable;
    if (!(isStore || error instanceof ConfigError || error instanceof StartRefused)) throw error;
    process.stderr.write(`${isStore ? error.problem.sentence : error.message}\n`);
    process.exitCode = 1;
  }
}

if (import.meta.main) await main();
