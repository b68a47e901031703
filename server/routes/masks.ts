// What may be seen of a request that reached a catch URL: everything but what its sender proves itself by.

import type { EventRequest } from "../../shared/event.ts";
import type { Flow } from "../../shared/flow.ts";
import type { Problem } from "../../shared/problem.ts";
import { openSecrets } from "../catch-seal.ts";
import { CREDENTIAL_NAME, createRedact, MASK } from "../engine/redact.ts";
import { maskedFor } from "../verify/verify.ts";
import type { RouteDeps } from "./deps.ts";

export interface Mask {
  /** By name what is a credential, and by value the flow's own secrets wherever they stand. */
  request(request: EventRequest): EventRequest;
  data(value: unknown): unknown;
  text(text: string): string;
  problem(problem: Problem | null): Problem | null;
  /** As many bytes as before: only what they say is gone. */
  bytes(raw: Uint8Array): Uint8Array;
}

type Whose = Pick<Flow, "id" | "workspaceId">;

/** The masks of flows, each made once for one answer. */
export function createMasks(deps: Pick<RouteDeps, "store" | "vault">): (flow: Whose) => Promise<Mask> {
  const known = new Map<string, Promise<Mask>>();
  return (flow) => {
    const mask = known.get(flow.id) ?? maskOf(deps, flow);
    known.set(flow.id, mask);
    return mask;
  };
}

export async function maskOf(
  { store, vault }: Pick<RouteDeps, "store" | "vault">,
  flow: Whose,
): Promise<Mask> {
  const catching = await store.flows.catching(flow.id);
  if (!catching) return maskFor([], { headers: [], query: [] });
  return maskFor(openSecrets(vault, flow, catching), maskedFor(catching.settings.verification));
}

/** Anything shorter would black out ordinary words. */
const SHORTEST = 4;

function maskFor(secrets: string[], names: { headers: string[]; query: string[] }): Mask {
  const redact = secrets.length > 0 ? createRedact(secrets) : (value: unknown) => value;
  const spellings = secrets.flatMap(spellingsOf).sort((a, b) => b.length - a.length);
  const text = (line: string) => String(redact(line));
  return {
    data: redact,
    text,
    problem(problem) {
      if (problem === null) return null;
      const { sentence, hint } = problem;
      return { ...problem, sentence: text(sentence), ...(hint === undefined ? {} : { hint: text(hint) }) };
    },
    request({ method, query, headers, contentType, notes }) {
      const hidden = Object.entries(headers).map(([name, value]): [string, string] => [
        text(name),
        CREDENTIAL_NAME.test(name) || names.headers.includes(name) ? masked(value) : text(value),
      ]);
      const asked = Object.entries(query).map(([name, value]): [string, string | string[]] => {
        if (names.query.includes(name)) return [name, MASK];
        return [text(name), Array.isArray(value) ? value.map(text) : text(value)];
      });
      const shown = {
        method,
        query: Object.fromEntries(asked),
        headers: Object.fromEntries(hidden),
        contentType,
      };
      return notes === undefined ? shown : { ...shown, notes };
    },
    bytes(raw) {
      if (spellings.length === 0) return raw;
      const copy = Buffer.from(raw);
      for (const spelling of spellings) {
        const { length } = spelling;
        for (let at = copy.indexOf(spelling); at >= 0; at = copy.indexOf(spelling, at + length))
          copy.fill("*", at, at + length);
      }
      return copy;
    },
  };
}

/** “Bearer ••••”: which kind of sign-in it was may be seen. */
function masked(value: string): string {
  const [, scheme = ""] = /^(Basic|Bearer|Digest|Token) /i.exec(value) ?? [];
  return scheme === "" ? MASK : `${scheme} ${MASK}`;
}

/** As it stands in a text, in JSON, in a form, in base64, and in a text of two bytes for each letter. */
function spellingsOf(secret: string): Buffer[] {
  if (secret.length < SHORTEST) return [];
  const wide = Buffer.from(secret, "utf16le");
  const texts = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret.toWellFormed()),
    new URLSearchParams([["", secret]]).toString().slice(1),
    Buffer.from(secret).toString("base64"),
  ];
  return [...[...new Set(texts)].map((text) => Buffer.from(text)), wide, Buffer.from(wide).swap16()];
}
