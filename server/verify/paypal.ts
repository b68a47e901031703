// PayPal signs with a key of its own, and says in each request where the certificate of that key is.

import { createPublicKey, type KeyObject, verify, X509Certificate } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Http } from "../ports/http.ts";
import { type CaughtRequest, readHeader } from "./caught-request.ts";
import { createFetched } from "./fetched.ts";
import {
  badSignature,
  cameTwice,
  type Refusal,
  secretMissing,
  signatureMissing,
  verificationUnavailable,
} from "./refusal.ts";
import { decodeStrict } from "./strict-text.ts";

type Answer = { kind: "ok" } | Refusal;

const SIGNATURE = "paypal-transmission-sig";
const CERTIFICATE = "paypal-cert-url";
const HOUR_MS = 3_600_000;
const MOST_SIGNATURE_BYTES = 1_024;

interface Certificate {
  key: KeyObject;
  from: number;
  to: number;
}

/** What is signed: the delivery's id, its time, the webhook's id and the check sum of the body. */
export function createPaypalVerifier(
  http: Http,
): (webhookId: string, request: CaughtRequest) => Answer | Promise<Answer> {
  const certificates = createFetched<Certificate>(http, {
    read: readCertificate,
    freshMs: 24 * HOUR_MS,
    staleMs: 48 * HOUR_MS,
  });
  return (webhookId, request) => {
    if (webhookId.trim() === "") return secretMissing("webhook ID");
    const given: Record<string, string> = {};
    for (const name of NEEDED) {
      const part = readHeader(request, name);
      const where = `the header ${name}`;
      if (part.kind !== "value") return part.kind === "twice" ? cameTwice(where) : signatureMissing(where);
      given[name] = part.text;
    }
    if (given["paypal-auth-algo"] !== "SHA256withRSA")
      return badSignature("layout", "the header paypal-auth-algo");
    const signature = decodeStrict(given[SIGNATURE] ?? "", "base64", MOST_SIGNATURE_BYTES);
    if (!signature) return badSignature("encoding", `the header ${SIGNATURE}`);
    const url = given[CERTIFICATE] ?? "";
    if (!isPaypals(url)) return badSignature("layout", `the header ${CERTIFICATE}`);
    const signed = [
      given["paypal-transmission-id"],
      given["paypal-transmission-time"],
      webhookId.trim(),
      crc32(request.raw),
    ].join("|");
    return certificates.get(url, request.now).then((got) => {
      if (!got) return verificationUnavailable("PayPal's certificate could not be fetched.");
      const { key, from, to } = got.value;
      const isValid = from <= request.now && request.now <= to;
      if (!isValid) return badSignature("elsewhere", `the header ${CERTIFICATE}`);
      const fits = verify("sha256", Buffer.from(signed), key, signature);
      return fits ? { kind: "ok" } : badSignature("mismatch", `the header ${SIGNATURE}`);
    });
  };
}

const NEEDED = [
  SIGNATURE,
  CERTIFICATE,
  "paypal-auth-algo",
  "paypal-transmission-id",
  "paypal-transmission-time",
] as const;

/**
 * Whoever may choose the certificate may sign: it has to come from PayPal, from where it has its certificates. Other
 * places below paypal.com could hold what others put there.
 */
function isPaypals(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return (
    url !== null &&
    url.protocol === "https:" &&
    url.port === "" &&
    url.username === "" &&
    url.password === "" &&
    url.hostname.endsWith(".paypal.com") &&
    url.pathname.startsWith("/v1/notifications/certs/")
  );
}

/**
 * The certificate that is no authority's, when it is made out to PayPal, and issued by one of those beside it. That
 * the file is PayPal's is known from the https connection that it came over.
 */
function readCertificate(body: Uint8Array): Certificate | undefined {
  try {
    const pems =
      Buffer.from(body)
        .toString("latin1")
        .match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    const chain = pems.slice(0, 6).map((pem) => new X509Certificate(pem));
    const own = chain.find(({ ca }) => !ca);
    if (!own || !isMadeOutToPaypal(own)) return undefined;
    const others = chain.filter((one) => one !== own);
    const isIssued = others.some((one) => own.checkIssued(one) && own.verify(one.publicKey));
    const key = createPublicKey(own.publicKey.export({ type: "spki", format: "pem" }));
    if ((others.length > 0 && !isIssued) || key.asymmetricKeyType !== "rsa") return undefined;
    return { key, from: Date.parse(own.validFrom), to: Date.parse(own.validTo) };
  } catch {
    return undefined;
  }
}

function isMadeOutToPaypal(certificate: X509Certificate): boolean {
  const name = /^CN=(.+)$/m.exec(certificate.subject)?.[1] ?? "";
  return name.endsWith(".paypal.com") && certificate.checkHost(name) !== undefined;
}
