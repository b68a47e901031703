// What may be seen of deliveries, whose secrets count for whom, and drafts that run without being published.

import { inFile, type Mutant } from "./mutant.ts";

const CATCHING = ["test/server/routes/catching.test.ts"];
const DELIVERIES = ["test/server/routes/deliveries.test.ts"];
const SENT = ["test/server/routes/verifications.test.ts"];

export const CATCHING_MUTANTS: Mutant[] = [
  ...inFile(
    "server/routes/masks.ts",
    ["test/server/routes/runs.test.ts", ...DELIVERIES, ...CATCHING],
    [
      {
        name: "What a sender signs in with is shown with the event.",
        find: "CREDENTIAL_NAME.test(name) || names.headers.includes(name) ? masked(value) : text(value)",
        replace: "value",
      },
      {
        name: "A flow's own secret is shown where it stands in a body.",
        find: "data: redact,",
        replace: "data: (value) => value,",
      },
      {
        name: "A flow's own secret stands in the bytes of a body.",
        find: 'copy.fill("*", at, at + length);',
        replace: "at += length;",
      },
      {
        name: "A flow's own secret is shown in headers that are not meant for it.",
        find: "masked(value) : text(value),",
        replace: "masked(value) : value,",
      },
    ],
  ),
  ...inFile("server/routes/verification-problems.ts", CATCHING, [
    {
      name: "A secret of one sender counts as another's.",
      find: "return before.preset === after.preset;",
      replace: "return true;",
    },
    {
      name: "A secret of one kind of verification counts for another.",
      find: "return before.kind === after.kind;",
      replace: "return true;",
    },
    {
      name: "A private key is kept, and shown, as a public one.",
      find: "/PRIVATE KEY/.test(publicKey)",
      replace: "false",
    },
    {
      name: "The keys of tokens are fetched without https.",
      find: 'url?.protocol !== "https:"',
      replace: "!url",
    },
  ]),
  ...inFile("server/routes/catching-problems.ts", CATCHING, [
    {
      name: "A fixed answer can set any header.",
      find: "NOT_SETTABLE.includes(name.toLowerCase())",
      replace: "false",
    },
    {
      name: "A fixed answer can have a line break in a header.",
      find: "/[^\\t\\x20-\\x7e\\x80-\\xff]/.test(value)",
      replace: "false",
    },
    {
      name: "Duplicates are to be known for longer than runs are kept.",
      find: "counts && dedupeSeconds * 1_000 > retentionMs",
      replace: "false",
    },
  ]),
  ...inFile("server/routes/catching.ts", CATCHING, [
    {
      name: "A verification can be without the secret that it needs.",
      find: 'if (all.length === 0 && use === "needed") {',
      replace: "if (false) {",
    },
    {
      name: "Secrets outlive the verification that they were for.",
      find: 'secrets: use === "none" ? [] : all,',
      replace: 'secrets: use === "none" ? there : all,',
    },
  ]),
  ...inFile("server/catch-seal.ts", CATCHING, [
    {
      name: "Sealed secrets open in the place of another flow's.",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the source as it stands
      find: "return `${workspaceId}|${id}|catching`;",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the source as it is then
      replace: "return `${workspaceId}|catching`.slice(0, id.length > 0 ? undefined : 0);",
    },
  ]),
  ...inFile("server/routes/deliveries.ts", DELIVERIES, [
    {
      name: "A delivery of another workspace can be read.",
      find: "found && found.workspaceId === caller.workspaceId ? caughtOf(found) : null",
      replace: "found ? caughtOf(found) : null",
    },
  ]),
  ...inFile("shared/verification-scheme.ts", CATCHING, [
    {
      name: "A hash that anybody can make is a signature.",
      find: 'algorithm === "sha256" && !has("secret")',
      replace: "false",
    },
    {
      name: "A signature may be over nothing.",
      find: 'signed.every((one) => typeof one === "object" || one === "secret")',
      replace: "false",
    },
  ]),
  ...inFile("server/engine/run-delivery.ts", DELIVERIES, [
    {
      name: "Half a body is run as if it were the whole.",
      find: "if (raw.byteLength < bytes) {",
      replace: "if (false) {",
    },
    {
      name: "A draft with problems is run.",
      find: "if (first) {",
      replace: "if (false) {",
    },
    {
      name: "A draft that was run counts as published.",
      find: "number: -flow.revision,",
      replace: "number: flow.revision,",
    },
  ]),
  ...inFile("server/engine/publish.ts", DELIVERIES, [
    {
      name: "Drafts that were run are in the list of versions.",
      find: ".filter(({ number }) => number > 0)",
      replace: "",
    },
  ]),
  ...inFile("server/routes/samples.ts", DELIVERIES, [
    {
      name: "A delivery that cannot be kept pushes a sample out.",
      find: "throw samplesFull(flow);\n  return",
      replace: "void samplesFull(flow);\n  return",
    },
  ]),
  ...inFile("server/routes/send-sample.ts", SENT, [
    {
      name: "A sample is signed with the secret of another sender.",
      find: 'if (verification.kind !== "none" && !isSigned) {',
      replace: "if (false) {",
    },
  ]),
];
