// Who may call the catch URL: the chosen sender, what has to be known of it, its secret, and from which addresses.

import type { CatchSettings } from "../../../shared/catching.ts";
import type { FieldSpec } from "../../../shared/field.ts";
import type { Verification } from "../../../shared/verification.ts";
import type { CatchChange, CatchingView, Sender } from "../../api/catching.ts";
import type { Values } from "../../form/form-values.ts";
import { type CatchSection, numberOf, oneOf, several, textOf, textsOf, wholeProblem } from "./section.ts";
import { asChoice, choiceIn, presetOf, senderChosen, senderNamed } from "./senders.ts";
import { readScheme, signatureFields, writeScheme } from "./signature.ts";
import { otherFields, readOther } from "./who-fields.ts";

/** What becomes of the secrets that are kept. */
export type SecretFate = "keep" | "add" | "replace";

export const who: CatchSection = {
  id: "who",
  title: "Who may call it",
  words(view, senders) {
    const { verification, allowedAddresses } = view.settings;
    const from =
      allowedAddresses.length > 0
        ? ` Only from ${several(allowedAddresses.length, "address", "addresses")}.`
        : "";
    const lacking =
      needsSecret(verification, senders) && view.secrets === 0
        ? " Its secret is missing, so every request is refused."
        : "";
    return `${whoWords(verification, senderNamed(verification, senders))}${from}${lacking}`;
  },
  read: (settings) => ({
    sender: choiceIn(settings.verification),
    ...readPreset(settings.verification),
    ...readOther(settings.verification),
    ...readScheme(settings.verification.kind === "signature" ? settings.verification.scheme : undefined),
    secret: "",
    fate: "keep",
    allowedAddresses: settings.allowedAddresses,
  }),
  fields(values, senders) {
    const choice = asChoice(values.sender);
    const sender = senderChosen(choice, senders);
    return [
      ...(sender ? presetFields(sender) : choice === "signature" ? signatureFields() : otherFields(choice)),
      {
        key: "allowedAddresses",
        label: "IP addresses that may call it",
        help: "Empty: all. One such as 203.0.113.7, or a range such as 203.0.113.0/24.",
        placeholder: "Type one, then Enter",
        control: "list",
        required: false,
        // What holds is never hidden.
        advanced: choice !== "none" && textsOf(values, "allowedAddresses").length === 0,
      },
    ];
  },
  check: (values, view, senders) => ({
    ...wholeProblem(values, "verification.toleranceSeconds", 1, 86_400),
    ...wholeProblem(values, "verification.scheme.toleranceSeconds", 1, 86_400),
    ...(lacksSecret(values, view, senders)
      ? { secret: "Enter it: without it nobody can be told apart." }
      : {}),
  }),
  write: (values, view, senders) => ({
    part: {
      verification: written(values),
      allowedAddresses: textsOf(values, "allowedAddresses"),
    },
    ...writtenSecret(values, view, senders),
  }),
};

/** Does that way of knowing the sender need a secret of ours? */
export function needsSecret(verification: Verification, senders: readonly Sender[]): boolean {
  switch (verification.kind) {
    case "none":
      return false;
    case "jwt":
      return verification.key === "secret";
    case "preset":
      return senderNamed(verification, senders)?.needsSecret ?? true;
    default:
      return true;
  }
}

/** Whether the secrets that are kept belong to what is chosen in the form. */
export function keepsSecrets(values: Values, view: CatchingView): boolean {
  return view.secrets > 0 && values.sender === choiceIn(view.settings.verification);
}

export function formNeedsSecret(values: Values, senders: readonly Sender[]): boolean {
  return needsSecret(written(values), senders);
}

function lacksSecret(values: Values, view: CatchingView, senders: readonly Sender[]): boolean {
  if (!formNeedsSecret(values, senders) || textOf(values, "secret") !== "") return false;
  return !keepsSecrets(values, view) || values.fate !== "keep";
}

function writtenSecret(
  values: Values,
  view: CatchingView,
  senders: readonly Sender[],
): Pick<CatchChange, "secrets" | "addSecrets"> {
  if (!formNeedsSecret(values, senders)) return view.secrets > 0 ? { secrets: [] } : {};
  const typed = typeof values.secret === "string" ? values.secret : "";
  // A blank that came along when it was copied is the usual reason why a right secret does not fit.
  const secret = values.sender === "basic" ? typed : typed.trim();
  const keeps = keepsSecrets(values, view);
  if (keeps && values.fate === "keep") return {};
  return keeps && values.fate === "add" ? { addSecrets: [secret] } : { secrets: [secret] };
}

function whoWords(verification: Verification, sender: Sender | undefined): string {
  switch (verification.kind) {
    case "none":
      return "Anybody who knows the address may call it.";
    case "preset":
      return `Only ${sender?.name ?? verification.preset}${sender?.algorithm === null ? "" : ", signed"}.`;
    case "basic":
      return `Only who knows the password of “${verification.user}”.`;
    case "header":
      return `Only with the right token in the header “${verification.header}”.`;
    case "query":
      return `Only with the right token behind “?${verification.parameter}=” in the address.`;
    case "jwt":
      return "Only with a valid signed pass (JWT).";
    case "signature":
      return "Only what is signed with your secret.";
  }
}

const readPreset = (verification: Verification): Values =>
  verification.kind === "preset"
    ? {
        ...Object.fromEntries(
          Object.entries(verification.settings).map(([key, value]) => [
            `verification.settings.${key}`,
            value,
          ]),
        ),
        "verification.toleranceSeconds": verification.toleranceSeconds ?? "",
      }
    : {};

function presetFields(sender: Sender): FieldSpec[] {
  const settings = sender.settings.map(
    ({ key, label, help }): FieldSpec => ({
      key: `verification.settings.${key}`,
      label,
      help,
      control: "text",
      required: true,
    }),
  );
  if (sender.toleranceSeconds === null) return settings;
  return [
    ...settings,
    {
      key: "verification.toleranceSeconds",
      label: "How old a request may be, in seconds",
      help: `An old one may have been listened to and sent again. Empty: ${sender.toleranceSeconds}.`,
      control: "number",
      required: false,
      advanced: true,
    },
  ];
}

function written(values: Values): CatchSettings["verification"] {
  const choice = asChoice(values.sender);
  const preset = presetOf(choice);
  if (preset !== undefined) {
    const start = "verification.settings.";
    const settings = Object.keys(values).flatMap((key): [string, string][] => {
      const text = textOf(values, key);
      return key.startsWith(start) && text !== "" ? [[key.slice(start.length), text]] : [];
    });
    return {
      kind: "preset",
      preset,
      toleranceSeconds: numberOf(values, "verification.toleranceSeconds"),
      settings: Object.fromEntries(settings),
    };
  }
  switch (choice) {
    case "basic":
      return { kind: "basic", user: textOf(values, "verification.user") };
    case "header":
      return {
        kind: "header",
        header: textOf(values, "verification.header").toLowerCase(),
        bearer: values["verification.bearer"] === true,
      };
    case "query":
      return { kind: "query", parameter: textOf(values, "verification.parameter") };
    case "jwt": {
      const key = oneOf(values, "verification.key", ["secret", "public-key", "jwks"]);
      return {
        kind: "jwt",
        header: textOf(values, "verification.header").toLowerCase() || "authorization",
        key,
        publicKey: key === "public-key" ? textOf(values, "verification.publicKey") : "",
        jwksUrl: key === "jwks" ? textOf(values, "verification.jwksUrl") : "",
        issuer: textOf(values, "verification.issuer"),
        audience: textOf(values, "verification.audience"),
      };
    }
    case "signature":
      return { kind: "signature", scheme: writeScheme(values) };
    default:
      return { kind: "none" };
  }
}
