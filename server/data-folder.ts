// The files beside the database: the encryption key, and where the running server can be reached.

import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Store } from "./ports/store.ts";
import { createVault, newVaultKey, type Vault } from "./vault.ts";

export const KEY_FILE = "encryption.key";
const ADDRESS_FILE = "address";
/** The setting that says with which key connections were sealed. */
export const FINGERPRINT = "keyFingerprint";
/** Settings of a database that an installation is moved into: when that began, and when it was whole. */
export const MOVE_BEGUN = "moveBegun";
export const MOVED_AT = "movedFromSqliteAt";

/** The start is refused; the message is a sentence for the person who started it. */
export class StartRefused extends Error {
  override name = "StartRefused";
}

/** Makes the folder, for its owner alone. */
export function makeDataFolder(folder: string): void {
  const isNew = !existsSync(folder);
  try {
    makeFolders(resolve(folder));
    if (isNew) chmodSync(folder, 0o700);
  } catch (error) {
    throw new StartRefused(
      `The data folder ${folder} cannot be made: ${error instanceof Error ? error.message : error}. Set DATA_DIR to another one.`,
      { cause: error },
    );
  }
}

/** One after the other: Node's own way never comes back from a place like /proc, where none can be made. */
function makeFolders(folder: string): void {
  if (existsSync(folder)) return;
  makeFolders(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

/** The text of the key: the setting, or the file. Undefined when neither is there yet. */
export function readKey(folder: string, setting: string | undefined): string | undefined {
  if (setting !== undefined) return setting;
  const path = join(folder, KEY_FILE);
  return existsSync(path) ? readFileSync(path, "utf8").trim() : undefined;
}

/**
 * The vault of this data folder. Makes the key file at the first start. With another key than the one the folder
 * began with, every connection would silently be lost: that start is refused.
 */
export async function openVault(
  folder: string,
  setting: string | undefined,
  accounts: Pick<Store["accounts"], "setting" | "setSettingOnce">,
): Promise<{ vault: Vault; keyText: string }> {
  if ((await accounts.setting(MOVE_BEGUN)) !== null && (await accounts.setting(MOVED_AT)) === null) {
    throw new StartRefused(
      "This database holds a part of an installation that is being moved into it. Let “npm run migrate” come to its end first.",
    );
  }
  const path = join(folder, KEY_FILE);
  const begunWith = await accounts.setting(FINGERPRINT);
  let keyText = readKey(folder, setting);
  if (keyText === undefined) {
    if (begunWith !== null) {
      throw new StartRefused(
        `The encryption key of this data folder is missing: ${path} does not exist and ENCRYPTION_KEY is not set. ` +
          "Put the key back, or start with a new DATA_DIR.",
      );
    }
    keyText = newVaultKey();
    writeFileSync(path, `${keyText}\n`, { mode: 0o600, flag: "wx" });
  }
  const vault = vaultOf(keyText, setting === undefined ? path : "ENCRYPTION_KEY");
  if ((await accounts.setSettingOnce(FINGERPRINT, vault.fingerprint)) !== vault.fingerprint) {
    throw new StartRefused(
      `${setting === undefined ? path : "ENCRYPTION_KEY"} is not the key that the connections in ${folder} were sealed with. ` +
        "Start with the right key: with this one they could not be opened.",
    );
  }
  return { vault, keyText };
}

function vaultOf(keyText: string, where: string): Vault {
  try {
    return createVault(keyText);
  } catch (error) {
    throw new StartRefused(`${where} does not hold an encryption key: 32 bytes as base64 or hex.`, {
      cause: error,
    });
  }
}

/** Notes where the running server can be reached on this machine. Gives the function that takes the note away. */
export function noteAddress(folder: string, address: string): () => void {
  const path = join(folder, ADDRESS_FILE);
  writeFileSync(path, `${address}\n`, { mode: 0o600 });
  return () => rmSync(path, { force: true });
}

export function readAddress(folder: string): string | undefined {
  const path = join(folder, ADDRESS_FILE);
  return existsSync(path) ? readFileSync(path, "utf8").trim() : undefined;
}
