// What each known sender asks to see whether somebody is there, and what it wants to hear.
//
// An answer repeats text of whoever asked. So it is never more than a few characters of a kind that no browser takes
// for anything else, as plain text or JSON.

import { createHmac } from "node:crypto";
import type { SignatureScheme } from "../../shared/verification.ts";
import { findPreset } from "../../shared/verification-presets.ts";
import { type CaughtRequest, readHeader, readQuery } from "./caught-request.ts";
import type { HandshakeAnswer } from "./handshake.ts";
import { verifySignature } from "./signature.ts";
import { sameText } from "./strict-text.ts";

/** A word that means nothing: no brackets, quotes, colons or spaces. */
const WORD = /^[\w=-]{1,200}$/;
/** Microsoft's token is a short sentence: “Validation: Testing client application reachability …”. */
const SENTENCE = /^[\w .,:;=+/@()-]{1,1000}$/;

/** GET with `challenge` and nothing else: given back. */
export function answerToDropbox(request: CaughtRequest): HandshakeAnswer | null {
  if (request.method !== "GET" || request.raw.byteLength > 0) return null;
  const challenge = Object.keys(request.query).length === 1 ? queried(request, "challenge") : undefined;
  if (challenge === undefined || !WORD.test(challenge)) return null;
  return text(challenge, "Dropbox asked whether somebody is here. Its challenge was given back.");
}

/** POST without a body and with `validationToken`: given back. */
export function answerToMicrosoft(request: CaughtRequest): HandshakeAnswer | null {
  if (request.method !== "POST" || request.raw.byteLength > 0) return null;
  const token = queried(request, "validationToken");
  if (token === undefined || !SENTENCE.test(token)) return null;
  return text(token, "Microsoft asked whether somebody is here. Its validation token was given back.");
}

/** GET with `hub.…`: the challenge is given back to those who know our verify token. No token was sent where it is empty. */
export function answerToMeta(
  verifyToken: string,
  request: CaughtRequest,
): HandshakeAnswer | "refused" | null {
  if (request.method !== "GET" || queried(request, "hub.mode") !== "subscribe") return null;
  const token = queried(request, "hub.verify_token");
  if (token === undefined || !sameText(token, verifyToken)) return "refused";
  const challenge = queried(request, "hub.challenge");
  if (challenge === undefined || !/^\d{1,30}$/.test(challenge)) return "refused";
  return text(challenge, "Meta asked whether somebody is here, with the right verify token.");
}

/**
 * GET with `crc_token`, as X asks: signed with the secret. Whoever knows the address gets a text of their own signed
 * like a body, so it is done for X's scheme alone, and for nothing that a JSON body can be.
 */
export function answerToCrc(
  scheme: SignatureScheme,
  secrets: string[],
  request: CaughtRequest,
): HandshakeAnswer | null {
  const [secret] = secrets;
  const { signature, layout } = scheme;
  const isX =
    signature.in === "header" &&
    signature.name === "x-twitter-webhooks-signature" &&
    layout.kind === "prefix" &&
    layout.prefix === "sha256=" &&
    scheme.algorithm === "hmac-sha256" &&
    scheme.encoding === "base64" &&
    scheme.key === "text" &&
    scheme.signed.length === 1 &&
    scheme.signed[0] === "body";
  if (!isX || secret === undefined || request.method !== "GET") return null;
  const token = queried(request, "crc_token");
  if (token === undefined || !WORD.test(token) || parsed(token) !== undefined) return null;
  const signed = createHmac("sha256", secret).update(token).digest("base64");
  return json({ response_token: `sha256=${signed}` }, "X asked for a proof that the secret is known here.");
}

/** The first POST of a new subscription, signed with the very token that it brings: only as long as we have none. */
export function answerToNewNotion(secrets: string[], request: CaughtRequest): HandshakeAnswer | null {
  if (secrets.length > 0 || request.method !== "POST" || request.raw.byteLength > 1_000) return null;
  const body = parsed(Buffer.from(request.raw).toString("utf8"));
  const token = notionToken(body);
  const scheme = findPreset("notion")?.scheme;
  if (token === undefined || !scheme || !isSignedWith(scheme, token, request)) return null;
  return answerToNotion(body);
}

export function answerToNotion(body: unknown): HandshakeAnswer | null {
  const token = notionToken(body);
  if (token === undefined) return null;
  return json(
    {},
    `Notion sent its verification token: ${token}. Enter it at Notion to end the set-up, and here as the secret.`,
  );
}

function notionToken(body: unknown): string | undefined {
  const token = isObject(body) ? body.verification_token : undefined;
  if (typeof token !== "string" || !/^secret_[\w-]{8,200}$/.test(token)) return undefined;
  return hasOnly(body, ["verification_token"]) ? token : undefined;
}

/** `url_verification`: the challenge is given back. */
export function answerToSlack(body: unknown): HandshakeAnswer | null {
  if (!isObject(body) || body.type !== "url_verification") return null;
  if (!hasOnly(body, ["type", "token", "challenge"])) return null;
  if (typeof body.challenge !== "string" || !WORD.test(body.challenge)) return null;
  return json(
    { challenge: body.challenge },
    "Slack asked whether somebody is here. Its challenge was given back.",
  );
}

/** `endpoint.url_validation`: the plain token, and the same signed with the secret that the request was signed with. */
export function answerToZoom(
  secrets: string[],
  request: CaughtRequest,
  body: unknown,
): HandshakeAnswer | null {
  if (!isObject(body) || body.event !== "endpoint.url_validation" || !isObject(body.payload)) return null;
  const { plainToken } = body.payload;
  const scheme = findPreset("zoom")?.scheme;
  const secret = scheme && secrets.find((each) => isSignedWith(scheme, each, request));
  // Without a colon it can never be what Zoom signs of an event: `v0:time:body`.
  if (typeof plainToken !== "string" || !WORD.test(plainToken) || secret === undefined) return null;
  const encryptedToken = createHmac("sha256", secret).update(plainToken).digest("hex");
  return json(
    { plainToken, encryptedToken },
    "Zoom checked the address. Its token was signed and given back.",
  );
}

/** PING: type 1 of interactions, type 0 of webhook events, whose events are of type 1 and carry `event`. */
export function answerToDiscord(body: unknown): HandshakeAnswer | null {
  if (!isObject(body) || Object.hasOwn(body, "event")) return null;
  const note = "Discord asked whether somebody is here. It was answered.";
  if (body.type === 1) return json({ type: 1 }, note);
  return body.type === 0 ? { ...json({}, note), status: 204, body: "" } : null;
}

/** Amazon's `SubscriptionConfirmation`: the address that it brings has to be fetched. */
export function answerToSns(request: CaughtRequest, body: unknown): HandshakeAnswer | null {
  const kind = readHeader(request, "x-amz-sns-message-type");
  if (kind.kind !== "value" || kind.text !== "SubscriptionConfirmation") return null;
  // It says that its JSON is plain text.
  const message = typeof body === "string" ? parsed(body) : body;
  if (!isObject(message) || message.Type !== "SubscriptionConfirmation") return null;
  const { SubscribeURL: confirm, TopicArn: topic } = message;
  if (typeof confirm !== "string" || !isOfAmazon(confirm)) return null;
  if (typeof topic !== "string" || !/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w.-]{1,256}$/.test(topic))
    return null;
  return { ...text("", `Amazon SNS asked to send the topic ${topic} here. It was confirmed.`), confirm };
}

/** `https://sns.<region>.amazonaws.com/?Action=ConfirmSubscription&…`, and nothing that only looks like it. */
function isOfAmazon(address: string): boolean {
  if (address.length > 2_000 || !URL.canParse(address)) return false;
  const { protocol, hostname, port, username, password, pathname, searchParams } = new URL(address);
  return (
    protocol === "https:" &&
    /^sns\.[a-z0-9-]{1,40}\.amazonaws\.com(\.cn)?$/.test(hostname) &&
    `${port}${username}${password}` === "" &&
    pathname === "/" &&
    searchParams.get("Action") === "ConfirmSubscription"
  );
}

const SAFE = { "X-Content-Type-Options": "nosniff" };

function text(body: string, note: string): HandshakeAnswer {
  return { status: 200, contentType: "text/plain; charset=utf-8", body, headers: SAFE, note };
}

function json(data: unknown, note: string): HandshakeAnswer {
  return { status: 200, contentType: "application/json", body: JSON.stringify(data), headers: SAFE, note };
}

/** The query's parameter of that name, when it came once. */
function queried(request: CaughtRequest, name: string): string | undefined {
  const read = readQuery(request, name);
  return read.kind === "value" ? read.text : undefined;
}

/** By this one secret? Whether the time is near enough was seen before. */
function isSignedWith(scheme: SignatureScheme, secret: string, request: CaughtRequest): boolean {
  return verifySignature(scheme, [secret], request, null).kind === "ok";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** To be asked last: an event may have 100,000 names. */
function hasOnly(value: unknown, names: string[]): boolean {
  return isObject(value) && Object.keys(value).every((name) => names.includes(name));
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
