// Requests as catch URLs get them, made from the providers' published examples.

import { readFileSync } from "node:fs";
import type { CaughtRequest } from "../../../server/verify/verify.ts";
import type { SignatureScheme, Verification } from "../../../shared/verification.ts";
import { findPreset } from "../../../shared/verification-presets.ts";

/** 2023-11-14T22:13:20Z, for whatever does not say when it is. */
export const NOW = 1_700_000_000_000;

export function caught(over: Partial<CaughtRequest> & { body?: string } = {}): CaughtRequest {
  const { body, ...rest } = over;
  return {
    method: "POST",
    url: "https://flows.example.com/catch/k",
    query: {},
    headers: {},
    repeated: new Set(),
    contentType: "application/json",
    raw: Buffer.from(body ?? ""),
    now: NOW,
    ...rest,
  };
}

interface Vector {
  scheme: string;
  secret?: string;
  publicKey?: string;
  publicKeyHex?: string;
  body?: string;
  form?: Record<string, string>;
  bodySignature?: { timestamp: string; token: string; signature: string };
  headers?: Record<string, string>;
  method?: string;
  url?: string;
  now?: number;
  plainToken?: string;
}

/** One request that is right, with the settings that it is right for. */
export interface Case {
  name: string;
  id: string;
  scheme: SignatureScheme;
  verification: Verification;
  secrets: string[];
  request: CaughtRequest;
}

const vectors: Vector[] = JSON.parse(readFileSync(new URL("webhook-vectors.json", import.meta.url), "utf8"));

export const CASES: Case[] = vectors
  // Zoom's question whether somebody is there is no event
  .filter(({ plainToken }) => plainToken === undefined)
  .map((vector, i) => {
    const { scheme: id, url, form, bodySignature, headers = {} } = vector;
    const scheme = findPreset(id)?.scheme;
    if (!scheme) throw new Error(`no preset has the scheme of ${id}`);
    const body = form
      ? new URLSearchParams(form).toString()
      : bodySignature
        ? JSON.stringify({ signature: bodySignature, "event-data": { event: "opened", id: "e1" } })
        : vector.body;
    return {
      name: `${id} ${i}`,
      id,
      scheme,
      verification: preset(id),
      secrets: [vector.secret ?? vector.publicKey ?? vector.publicKeyHex ?? ""],
      request: caught({
        headers,
        body,
        method: vector.method ?? "POST",
        ...(url === undefined ? {} : { url, query: queryOf(url) }),
        contentType: form ? "application/x-www-form-urlencoded" : "application/json",
        now: (vector.now ?? NOW / 1000) * 1000,
      }),
    };
  });

export function preset(
  id: string,
  over: Partial<Extract<Verification, { kind: "preset" }>> = {},
): Verification {
  return { kind: "preset", preset: id, toleranceSeconds: null, settings: {}, ...over };
}

export function queryOf(url: string): Record<string, string> {
  return Object.fromEntries(new URL(url).searchParams);
}

/** What was answered, in a word: “ok”, or the code of the refusal with its status. */
export function inAWord(verified: { kind: "ok" } | { status: number; problem: { code: string } }): string {
  return "problem" in verified ? `${verified.status} ${verified.problem.code}` : "ok";
}
