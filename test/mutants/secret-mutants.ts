// What keeps secrets: the vault and its key, proofs and tokens, what is shown of a connection, what the log tells.

import { inFile, type Mutant } from "./mutant.ts";

const VAULT = ["test/server/vault.test.ts"];
const SESSION = ["test/server/routes/session.test.ts"];

export const SECRET_MUTANTS: Mutant[] = [
  ...inFile("server/vault.ts", VAULT, [
    { name: "A sealed text's tag has 4 bytes.", find: "const TAG = 16;", replace: "const TAG = 4;" },
    {
      name: "A sealed text's tag is not checked.",
      find: "Buffer.concat([decipher.update(bytes.subarray(HEAD)), decipher.final()])",
      replace: "decipher.update(bytes.subarray(HEAD))",
    },
    {
      name: "Every text is sealed with the same start value.",
      find: "const iv = randomBytes(IV);",
      replace: "const iv = Buffer.alloc(IV);",
    },
  ]),
  ...inFile(
    "server/connection-seal.ts",
    ["test/server/connection-seal.test.ts"],
    [
      {
        name: "A sealed connection opens in the place of another.",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the source as it stands
        find: "return `${connection.workspaceId}|${connection.id}|${connection.connectorId}`;",
        replace: 'return "";',
      },
    ],
  ),
  ...inFile(
    "server/data-folder.ts",
    ["test/server/start.test.ts"],
    [
      {
        name: "The server starts with a key that opens nothing.",
        find: "vault.fingerprint)) !== vault.fingerprint)",
        replace: "vault.fingerprint)) === null)",
      },
      {
        name: "A lost key is replaced by a new one.",
        find: "if (begunWith !== null) {",
        replace: "if (false) {",
      },
      {
        name: "Everybody on the machine can read the key.",
        find: '{ mode: 0o600, flag: "wx" }',
        replace: '{ mode: 0o644, flag: "wx" }',
      },
    ],
  ),
  ...inFile(
    "server/local-proof.ts",
    ["test/server/local-proof.test.ts"],
    [
      {
        name: "A local proof needs no key.",
        find: 'if (!timingSafeEqual(Buffer.from(given, "base64url"), sign(key, expires, nonce))) return false;',
        replace: "",
      },
      {
        name: "How long a proof is compared tells how much of it is right.",
        find: '!timingSafeEqual(Buffer.from(given, "base64url"), sign(key, expires, nonce))',
        replace: 'given !== sign(key, expires, nonce).toString("base64url")',
      },
      { name: "A local proof is good twice.", find: "if (used.has(nonce)) return false;", replace: "" },
      { name: "A local proof is good for ever.", find: "expires <= now || ", replace: "" },
    ],
  ),
  ...inFile("server/routes/token-text.ts", SESSION, [
    {
      name: "Secrets are stored, and compared letter by letter, as they are.",
      find: 'return createHash("sha256").update(secret).digest("hex");',
      replace: "return secret;",
    },
  ]),
  ...inFile(
    "shared/id.ts",
    ["test/shared/id.test.ts"],
    [
      {
        name: "A catch URL can be guessed.",
        find: "newSecret(bytes = 24)",
        replace: "newSecret(bytes = 12)",
      },
    ],
  ),
  ...inFile(
    "server/routes/shown-fields.ts",
    ["test/server/routes/connections.test.ts"],
    [
      {
        name: "A connection's secrets are shown.",
        find: 'if (spec.secret || spec.control === "secret") {',
        replace: "if (false) {",
      },
    ],
  ),
  ...inFile(
    "server/routes/connections.ts",
    ["test/server/routes/connections.test.ts"],
    [
      {
        name: "A test of a connection shows the secret that the other side says back.",
        find: "return String(redact(text));",
        replace: "return text;",
      },
      {
        name: "A connection of another workspace can be changed.",
        find: "if (connection?.workspaceId !== caller.workspaceId) throw",
        replace: "if (!connection) throw",
      },
    ],
  ),
  ...inFile(
    "server/log.ts",
    ["test/server/log.test.ts"],
    [
      { name: "The log tells passwords.", find: "HIDDEN.test(name) && ", replace: "false && " },
      {
        name: "The log tells catch keys.",
        find: "out(maskCatchKeys(options.human ? toHuman(line) : line))",
        replace: "out(options.human ? toHuman(line) : line)",
      },
      {
        name: "The log tells what clients hang on their errors.",
        find: "if (value instanceof Error) return story(value, depth);",
        replace: "",
      },
    ],
  ),
];
