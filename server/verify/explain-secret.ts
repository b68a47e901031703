// Mistakes with the secret: something pasted around it, read in the wrong form, or another thing altogether.

import type { SignatureScheme, Verification } from "../../shared/verification.ts";
import { findPreset } from "../../shared/verification-presets.ts";
import type { Finding } from "./explain-finding.ts";
import type { Trial } from "./explain-trial.ts";

type KeyForm = SignatureScheme["key"];

const FORMS: Record<KeyForm, string> = {
  text: "as text, just as it stands",
  base64: "as base64",
  hex: "as hex",
  whsec: "as base64, without whsec_ in front",
};

/** Secrets that fit once something is taken off them, or once they are read in another form. */
export function findInSecret(trial: Trial, name: string, isCustom: boolean): Finding | null {
  for (const { what, tidy } of PASTED) {
    const secrets = trial.secrets.map(tidy);
    if (secrets.some((secret, i) => secret !== trial.secrets[i]) && trial.fits({ secrets })) {
      return {
        sentence: `The secret in the settings is right but for ${what}.`,
        hint: "Enter it again in the settings of the catch URL, without that.",
      };
    }
  }
  if (trial.fits({ secrets: trial.secrets.map((secret) => `${secret}\n`) })) {
    return {
      sentence: "The sender signs with the right secret and a line break behind it.",
      hint: "Take the line break off at the sender. It often comes from a file, or from “echo” without -n.",
    };
  }
  const own = trial.scheme.key;
  for (const key of Object.keys(FORMS).filter(isForm)) {
    if (key === own || !trial.fits({ scheme: { key } })) continue;
    return {
      sentence: `The secret is the right one, but the sender reads it ${FORMS[key]}, and here it is read ${FORMS[own]}.`,
      hint: isCustom
        ? `In the settings of the catch URL, have the secret read ${FORMS[key]}.`
        : `${name} itself reads it ${FORMS[own]}. Correct it in the program that sends, or describe its signature in the settings instead of choosing ${name}.`,
    };
  }
  return null;
}

function isForm(key: string): key is KeyForm {
  return Object.hasOwn(FORMS, key);
}

/** What comes along when a secret is copied; each one also takes off what those before it do. */
const PASTED: { what: string; tidy: (secret: string) => string }[] = [
  { what: "the space or line break around it", tidy: (secret) => secret.trim() },
  { what: "the quotes around it", tidy: (secret) => unquoted(secret.trim()) },
  { what: "the name in front of it", tidy: (secret) => unquoted(withoutName(secret.trim())) },
  {
    what: "a space or line break inside it",
    tidy: (secret) => unquoted(withoutName(secret.trim())).replace(/\s+/g, ""),
  },
];

function unquoted(secret: string): string {
  return secret.replace(/^["'`“”‘’„]+|["'`“”‘’„]+$/g, "").trim();
}

/** `NAME=…`, `name: …` and `Bearer …`. */
function withoutName(secret: string): string {
  return secret.replace(/^(?:export\s+)?[A-Za-z][\w-]{1,60}\s*[=:]\s*|^Bearer\s+/, "");
}

/** How other things begin that people take for a secret. `of` are the presets whose secret it is. */
const LOOKS: { start: RegExp; what: string; of?: string[] }[] = [
  { start: /^[srp]k_(test|live)_/, what: "an API key of Stripe" },
  {
    start: /^whsec_/,
    what: "a signing secret of Stripe, or of Standard Webhooks",
    of: ["stripe", "standard-webhooks"],
  },
  { start: /^whpk_/, what: "a public key of Standard Webhooks", of: ["standard-webhooks"] },
  { start: /^whsk_/, what: "the private key of a sender of Standard Webhooks" },
  { start: /^gh[opsu]_|^github_pat_/, what: "an access token of GitHub" },
  { start: /^xox[a-z]-|^xapp-/, what: "a token of Slack" },
  { start: /^shp(at|ca|pa)_/, what: "an access token of Shopify" },
  { start: /^shpss_/, what: "a client secret of Shopify", of: ["shopify"] },
  { start: /^SG\./, what: "an API key of SendGrid" },
  { start: /^(AC|SK)[0-9a-f]{32}$/, what: "an id of Twilio" },
  { start: /^sq0/, what: "a credential of Square's API" },
  { start: /^lin_api_/, what: "an API key of Linear" },
  { start: /^pdl_(live|sdbx)_/, what: "an API key of Paddle" },
  { start: /^pat-/, what: "an access token of HubSpot" },
  { start: /^tfp_/, what: "an access token of Typeform" },
  { start: /^ntn_/, what: "a token of a Notion integration" },
  { start: /^key-[0-9a-f]{32}$/, what: "an API key of Mailgun" },
  { start: /^https?:\/\//, what: "an address" },
];

/** A secret of which one can see that it is something else. */
export function looksWrong(verification: Verification, secrets: readonly string[]): Finding | null {
  const preset = verification.kind === "preset" ? findPreset(verification.preset) : undefined;
  if (!preset) return null;
  const look = LOOKS.find(
    ({ start, of = [] }) => !of.includes(preset.id) && secrets.every((secret) => start.test(secret.trim())),
  );
  if (!look) return null;
  return {
    sentence: `The secret in the settings looks like ${look.what}, and ${preset.name} signs with something else.`,
    hint: `What is needed is the ${preset.secretLabel}. ${preset.secretHelp}`,
  };
}
