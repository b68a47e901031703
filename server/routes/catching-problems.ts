// What is wrong with how a flow shall catch, beyond what the shape of the settings says: each problem names its field.

import type { CatchSettings } from "../../shared/catching.ts";
import type { Problem } from "../../shared/problem.ts";
import { problemsInTemplate, referencesIn } from "../../shared/template.ts";
import { findPreset } from "../../shared/verification-presets.ts";
import { addressListProblem } from "../verify/address-list.ts";
import type { WebSettings } from "./deps.ts";
import { dataPathProblem, fieldPathProblem, requestPathProblem } from "./path-problem.ts";
import { verificationProblems } from "./verification-problems.ts";

/** `mayBeUnfinished`: it came without its secrets, and they will follow. */
export function catchingProblems(
  settings: CatchSettings,
  limits: Pick<WebSettings, "maxBodyBytes" | "retentionMs">,
  mayBeUnfinished = false,
): Problem[] {
  return [
    ...verificationProblems(settings.verification, mayBeUnfinished),
    ...addressProblems(settings),
    ...sizeProblems(settings, limits),
    ...dedupeProblems(settings, limits),
    ...pathProblems(settings),
    ...answerProblems(settings),
    ...corsProblems(settings),
  ];
}

function addressProblems({ allowedAddresses }: CatchSettings): Problem[] {
  const problem = addressListProblem(allowedAddresses);
  return problem ? [wrong("allowedAddresses", problem.sentence, problem.hint)] : [];
}

function sizeProblems({ maxBytes }: CatchSettings, { maxBodyBytes }: Pick<WebSettings, "maxBodyBytes">) {
  if (maxBytes === null || maxBytes <= maxBodyBytes) return [];
  const sentence = `The server takes ${maxBodyBytes} bytes at most, which is less than ${maxBytes}.`;
  const hint = "The MAX_BODY setting of the server sets its limit.";
  return [wrong("maxBytes", sentence, hint)];
}

function dedupeProblems(
  { dedupe, dedupeSeconds, verification }: CatchSettings,
  { retentionMs = Number.POSITIVE_INFINITY }: Pick<WebSettings, "retentionMs">,
): Problem[] {
  const problems: Problem[] = [];
  if (dedupe.by === "field") problems.push(...atPath("dedupe.path", fieldPathProblem(dedupe.path)));
  if (dedupe.by === "header" && !HEADER_NAME.test(dedupe.header))
    problems.push(wrong("dedupe.header", `“${dedupe.header}” can't be the name of a header.`));
  const hasId = verification.kind === "preset" && (findPreset(verification.preset)?.dedupe ?? null) !== null;
  const counts = dedupe.by === "preset" ? hasId : dedupe.by !== "none";
  if (counts && dedupeSeconds * 1_000 > retentionMs) {
    const sentence = `Runs are kept for ${Math.floor(retentionMs / 1_000)} seconds, so duplicates can't be known for ${dedupeSeconds}.`;
    const hint = "Make it shorter, or have the RETENTION setting of the server raised.";
    problems.push(wrong("dedupeSeconds", sentence, hint));
  }
  return problems;
}

function pathProblems({ onlyIf, splitList, oneAtATimeBy }: CatchSettings): Problem[] {
  const problems: Problem[] = [];
  for (const [index, { left }] of onlyIf?.rules.entries() ?? []) {
    const field = `onlyIf.rules.${index}.left`;
    if (typeof left === "string") problems.push(...atPath(field, requestPathProblem(left)));
    else problems.push(wrong(field, "What is compared is a path such as “body.status”."));
  }
  // An empty one is the body itself.
  if (splitList && splitList.path !== "")
    problems.push(...atPath("splitList.path", dataPathProblem(splitList.path)));
  if (oneAtATimeBy !== null) problems.push(...atPath("oneAtATimeBy", requestPathProblem(oneAtATimeBy)));
  return problems;
}

const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]{1,100}$/i;

/** Set by the server itself, of the connection and not of the answer, or able to change more than this one answer. */
const NOT_SETTABLE = [
  "access-control-allow-credentials",
  "access-control-allow-origin",
  "clear-site-data",
  "connection",
  "content-encoding",
  "content-length",
  "content-security-policy",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "refresh",
  "service-worker-allowed",
  "set-cookie",
  "strict-transport-security",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-content-type-options",
];

function answerProblems({ answer }: CatchSettings): Problem[] {
  if (answer.when !== "fixed") return [];
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(answer.headers)) {
    const field = `answer.headers.${name}`;
    if (!HEADER_NAME.test(name)) problems.push(wrong(field, `“${name}” can't be the name of a header.`));
    else if (NOT_SETTABLE.includes(name.toLowerCase()))
      problems.push(wrong(field, `The header “${name}” can't be set here.`));
    // A line break would begin a header of its own.
    else if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
      problems.push(
        wrong(field, `The header “${name}” holds a line break or a character that headers can't carry.`),
      );
  }
  const [broken] = problemsInTemplate(answer.body);
  if (broken) problems.push(wrong("answer.body", broken.sentence, broken.hint));
  const stranger = referencesIn(answer.body).find(({ stepId }) => stepId !== "trigger");
  if (stranger) {
    const sentence = `${stranger.source} is not there yet when this is answered.`;
    const hint = "Only what came with the request is: {{trigger.body.…}}, say.";
    problems.push(wrong("answer.body", sentence, hint));
  }
  return problems;
}

function corsProblems({ cors }: CatchSettings): Problem[] {
  if (cors.allow !== "some") return [];
  return cors.origins.flatMap((origin, index) => {
    if (isOrigin(origin)) return [];
    const sentence = `“${origin}” is no origin: it is like “https://shop.example.com”, with nothing behind the name.`;
    return [wrong(`cors.origins.${index}`, sentence)];
  });
}

/** As a browser writes it: anything else would never be equal to one. */
function isOrigin(text: string): boolean {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return false;
  return new URL(text).origin === text;
}

function atPath(field: string, sentence: string | null): Problem[] {
  return sentence === null ? [] : [wrong(field, sentence)];
}

function wrong(field: string, sentence: string, hint?: string): Problem {
  return { code: "catching-invalid", sentence, field: `settings.${field}`, ...(hint ? { hint } : {}) };
}
