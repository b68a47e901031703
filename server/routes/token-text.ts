// The text of an API token: fc_<6 random>_<43 random>_<checksum>.
//
// The prefix lets scanners of leaked secrets know it; the checksum lets a mistyped one be refused unseen.

import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Token } from "../../shared/account.ts";
import { newId, newSecret } from "../../shared/id.ts";

/** A new token: the text for the person, and what is stored of it. */
export function newToken(workspaceId: string, name: string, now: number): { text: string; token: Token } {
  const id = newId("tok", now);
  const body = `fc_${id.slice(-6)}_${newSecret(32)}`;
  const text = `${body}_${checksum(body)}`;
  const token = {
    id,
    workspaceId,
    name,
    hash: hashOf(text),
    tail: text.slice(-4),
    createdAt: now,
    lastUsedAt: null,
  };
  return { text, token };
}

export function isTokenText(text: string): boolean {
  const cut = text.lastIndexOf("_");
  return (
    /^fc_[0-9a-z]{6}_[A-Za-z0-9_-]{43}_[0-9a-f]{8}$/.test(text) &&
    checksum(text.slice(0, cut)) === text.slice(cut + 1)
  );
}

function checksum(body: string): string {
  return crc32(body).toString(16).padStart(8, "0");
}

/** What is stored of a secret: SHA-256 is enough where the secret is 256 random bits. */
export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
