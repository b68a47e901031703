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
import type { Store } from "./ports/store.ts";
import { newToken } from "./routes/token-text.ts";
import { openFolder, openMongo } from "./storage.ts";
import { DEFAULT_WORKSPACE } from "./workspace.ts";

const USAGE = "npm run token -- --name <what it is for>";

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

async function main(): Promise<void> {
  try {
    const { values } = parseArgs({ options: { name: { type: "string" } } });
    const name = values.name?.trim() ?? "";
    if (name === "" || name.length > 200) throw new StartRefused(`Give the token a name: ${USAGE}`);
    const text = await makeToken(process.env, name);
    process.stdout.write(`${text}\n`);
    process.stderr.write("This is the only time it is shown. Send it as “Authorization: Bearer …”.\n");
  } catch (error) {
    const isUsage = error instanceof TypeError && "code" in error;
    if (!(isUsage || error instanceof ConfigError || error instanceof StartRefused)) throw error;
    process.stderr.write(`${error.message}\n${isUsage ? `${USAGE}\n` : ""}`);
    process.exitCode = 1;
  }
}

if (import.meta.main) await main();
