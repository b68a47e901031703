// Tells who is calling: a session's cookie or an API token. Only the hashes of both are stored.

import type { Request, Response } from "express";
import type { User } from "../../shared/account.ts";
import { newSecret } from "../../shared/id.ts";
import { checkLocalProof, LOCAL_SCHEME } from "../local-proof.ts";
import { DEFAULT_WORKSPACE } from "../workspace.ts";
import { isHttps, type RouteDeps, type WebSettings } from "./deps.ts";
import { hashOf, isTokenText } from "./token-text.ts";

/** Everything a caller may see and change is in this workspace. */
export interface Caller {
  workspaceId: string;
  by:
    | { kind: "session"; hash: string; user: User }
    | { kind: "token"; id: string }
    /** The operator at the machine itself: may make a token and nothing else. */
    | { kind: "operator" };
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const IDLE = 7 * DAY;
const LONGEST = 30 * DAY;

/** The caller, or null. A request with an Authorization header stands or falls with it: its cookie is not looked at. */
export async function identify(deps: RouteDeps, req: Request): Promise<Caller | null> {
  const authorization = req.headers.authorization;
  if (authorization !== undefined) {
    const [scheme = "", credentials = ""] = authorization.split(/ +/);
    if (scheme.toLowerCase() === "bearer") return byToken(deps, credentials);
    if (scheme === LOCAL_SCHEME && req.method === "POST" && req.path === "/tokens") {
      const proven = checkLocalProof(deps.localKey, credentials, deps.clock.now());
      return proven ? { workspaceId: DEFAULT_WORKSPACE, by: { kind: "operator" } } : null;
    }
    return null;
  }
  return bySession(deps, readCookie(req, cookieName(deps.settings)));
}

async function byToken(deps: RouteDeps, text: string): Promise<Caller | null> {
  if (!isTokenText(text)) return null;
  const token = await deps.store.accounts.tokenByHash(hashOf(text));
  if (!token) return null;
  const now = deps.clock.now();
  if (now - (token.lastUsedAt ?? 0) >= MINUTE) await deps.store.accounts.touchToken(token.id, now);
  return { workspaceId: token.workspaceId, by: { kind: "token", id: token.id } };
}

async function bySession(deps: RouteDeps, secret: string | undefined): Promise<Caller | null> {
  if (secret === undefined) return null;
  const { accounts } = deps.store;
  const hash = hashOf(secret);
  const session = await accounts.session(hash);
  if (!session) return null;
  const now = deps.clock.now();
  if (now >= session.expiresAt || now - session.lastSeenAt >= IDLE) {
    await accounts.removeSession(hash);
    return null;
  }
  const user = await accounts.userById(session.userId);
  if (!user) return null;
  if (now - session.lastSeenAt >= MINUTE) await accounts.touchSession(hash, now);
  return { workspaceId: user.workspaceId, by: { kind: "session", hash, user } };
}

/** Is the caller still one? Asked again and again while a long answer is open. */
export async function isStillIn(deps: RouteDeps, caller: Caller): Promise<boolean> {
  const { accounts } = deps.store;
  const { by } = caller;
  if (by.kind === "token") return (await accounts.tokens(caller.workspaceId)).some((t) => t.id === by.id);
  if (by.kind === "operator") return false;
  const session = await accounts.session(by.hash);
  return session !== null && deps.clock.now() < session.expiresAt;
}

/** Begins a session for the user and ends the one that the request came with. */
export async function beginSession(deps: RouteDeps, req: Request, res: Response, user: User): Promise<void> {
  await endSession(deps, req);
  const secret = newSecret(32);
  const now = deps.clock.now();
  await deps.store.accounts.insertSession({
    hash: hashOf(secret),
    userId: user.id,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + LONGEST,
  });
  res.append("Set-Cookie", cookie(deps.settings, secret, LONGEST / 1_000));
}

/** Ends the session of the request's cookie, whoever it is of. */
export async function endSession(deps: RouteDeps, req: Request): Promise<void> {
  const secret = readCookie(req, cookieName(deps.settings));
  if (secret !== undefined) await deps.store.accounts.removeSession(hashOf(secret));
}

export function clearCookie(deps: RouteDeps, res: Response): void {
  res.append("Set-Cookie", cookie(deps.settings, "", 0));
}

export function hasSessionCookie(deps: RouteDeps, req: Request): boolean {
  return readCookie(req, cookieName(deps.settings)) !== undefined;
}

/** `__Host-` binds a cookie to this very host and to https; browsers refuse it on plain http. */
const SECURE_NAME = "__Host-flowcatch";
const PLAIN_NAME = "flowcatch";
export const COOKIE_NAMES: readonly string[] = [SECURE_NAME, PLAIN_NAME];

function cookieName(settings: WebSettings): string {
  return isHttps(settings) ? SECURE_NAME : PLAIN_NAME;
}

function cookie(settings: WebSettings, value: string, maxAgeSeconds: number): string {
  const secure = isHttps(settings) ? "; Secure" : "";
  return `${cookieName(settings)}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`;
}

function readCookie(req: Request, name: string): string | undefined {
  for (const part of (req.headers.cookie ?? "").split(";")) {
    const cut = part.indexOf("=");
    if (cut < 0 || part.slice(0, cut).trim() !== name) continue;
    const value = part.slice(cut + 1).trim();
    if (/^[A-Za-z0-9_-]{43}$/.test(value)) return value;
  }
  return undefined;
}
