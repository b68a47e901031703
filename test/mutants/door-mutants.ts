// What the server may reach on behalf of a flow, how much of it, and what it takes along: HTTP and mail.

import { inFile, type Mutant } from "./mutant.ts";

const HTTP = ["test/server/adapters/guarded-http.test.ts"];
const REDIRECTS = ["test/server/adapters/guarded-http-redirects.test.ts"];
const ANSWERS = ["test/server/adapters/guarded-http-answers.test.ts"];
const MAIL = ["test/server/adapters/smtp-mailer.test.ts"];

export const DOOR_MUTANTS: Mutant[] = [
  ...inFile(
    "server/adapters/address-guard.ts",
    ["test/server/adapters/address-guard.test.ts"],
    [
      {
        name: "An inside address written as a number is not refused.",
        find: "if (isIP(literal) !== 0 && !allows(literal, port)) throw refuseAddress(host);",
        replace: "",
      },
      {
        name: "A name with one public address may have inside ones too.",
        find: "addresses.every(({ address }) => allows(address, port))",
        replace: "addresses.some(({ address }) => allows(address, port))",
      },
      {
        name: "Only private networks are inside: loopback, link-local and the rest are not.",
        find: 'address.range() !== "unicast"',
        replace: 'address.range() === "private"',
      },
      {
        name: "A cloud's own service counts as public.",
        find: "!NEVER_PUBLIC.some(",
        replace: "!NEVER_PUBLIC.every(",
      },
      {
        name: "An opened port opens all ports of its network.",
        find: "(entry.port === undefined || entry.port === port) && ",
        replace: "",
      },
    ],
  ),
  ...inFile("server/adapters/guarded-http.ts", HTTP, [
    {
      name: "Where a socket has arrived is not looked at.",
      find: "address !== undefined && guard.allows(address, port)",
      replace: "address !== undefined",
    },
    {
      name: "A name is looked up by the system, past the guard.",
      find: "lookup, timeout: CONNECT_MS",
      replace: "timeout: CONNECT_MS",
    },
  ]),
  ...inFile("server/adapters/http-pools.ts", HTTP, [
    {
      name: "A connection that is kept busy is kept for ever, wherever its name points by now.",
      find: "    agent = make();",
      replace: "",
    },
    {
      name: "What is on its way by an old connection outlives the end.",
      find: "agent.destroy(), before?.destroy()",
      replace: "agent.destroy()",
    },
  ]),
  ...inFile("server/adapters/guarded-http.ts", REDIRECTS, [
    {
      name: "Redirects are followed without end.",
      find: "if (left <= 0) throw tooManyRedirects(host);",
      replace: "",
    },
  ]),
  ...inFile("server/adapters/guarded-http.ts", ANSWERS, [
    {
      name: "An answer may take for ever.",
      find: "() => end(timeoutError(host, { maybeDone: true })),",
      replace: "() => {},",
    },
  ]),
  ...inFile("server/adapters/http-request.ts", REDIRECTS, [
    {
      name: "The address that a redirect leads to is not checked.",
      find: "guard.check(url.hostname, port);",
      replace: "if (base === undefined) guard.check(url.hostname, port);",
    },
    {
      name: "A redirect takes cookies and keys to another origin.",
      find: "if (sameOrigin || HARMLESS_HEADERS.has(name))",
      replace: "if (true)",
    },
  ]),
  ...inFile("server/adapters/http-request.ts", HTTP, [
    {
      name: "The ports of mail and other services can be spoken to.",
      find: "if (BAD_PORTS.has(port)) {",
      replace: "if (false) {",
    },
    {
      name: "A header's value may hold a line break.",
      find: "/[^\\t\\x20-\\x7e\\x80-\\xff]/.test(value)",
      replace: "false",
    },
    {
      name: "The headers of the connection itself can be set.",
      find: "if (CONNECTION_HEADERS.has(lower)) continue;",
      replace: "",
    },
    {
      name: "A URL may carry a password.",
      find: 'if (url.username !== "" || url.password !== "") {',
      replace: "if (false) {",
    },
  ]),
  ...inFile("server/adapters/http-exchange.ts", ANSWERS, [
    {
      name: "An answer may be of any size.",
      find: "if (bytes.size() > limit) breakOff(tooLarge(maxBytes));",
      replace: "",
    },
    {
      name: "A small answer may unfold into one of any size.",
      find: "{ maxOutputLength: Math.max(1, maxBytes) }",
      replace: "{}",
    },
  ]),
  ...inFile("server/adapters/http-problems.ts", ANSWERS, [
    {
      name: "A key that the other side says back stands in the problem.",
      find: "hideSecrets(readStart(answer), secretsOf(request))",
      replace: "readStart(answer)",
    },
    {
      name: "A connection that died half-way is taken for one that sent nothing.",
      find: "maybeDone: !NEVER_SENT.has(code)",
      replace: "maybeDone: false",
    },
  ]),
  ...inFile(
    "server/adapters/retry-after.ts",
    ["test/server/adapters/retry-after.test.ts"],
    [
      {
        name: "Retry-After may be any length of time.",
        find: "Math.min(Math.max(wait, SHORTEST), LONGEST)",
        replace: "wait",
      },
    ],
  ),
  ...inFile("server/adapters/smtp-mailer.ts", MAIL, [
    {
      name: "Mail can be spoken to any port.",
      find: "!MAIL_PORTS.has(port) && ",
      replace: "false && ",
    },
    {
      name: "Where a mail's socket has arrived is not looked at.",
      find: "if (address !== undefined && guard.allows(address, port)) return socket;",
      replace: "if (address !== undefined) return socket;",
    },
    {
      name: "A mail server without encryption gets the mail all the same.",
      find: 'requireTLS: security === "starttls",',
      replace: "",
    },
    {
      name: "A mail server that offers no sign-in gets the mail all the same.",
      find: "forceAuth: user !== undefined,",
      replace: "",
    },
  ]),
  ...inFile("server/adapters/smtp-message.ts", MAIL, [
    {
      name: "An address may hold a line break.",
      find: "if (/[\\r\\n\\0]/.test(given)) throw",
      replace: "if (false) throw",
    },
    {
      name: "A mail's subject may hold control characters.",
      find: 'requireText(mail.subject, "subject").replace(/\\p{Cc}+/gu, " ")',
      replace: 'requireText(mail.subject, "subject")',
    },
    {
      name: "An attachment may be a path or a link.",
      find: "if (!(content instanceof Uint8Array))",
      replace: "if (false)",
    },
  ]),
  ...inFile(
    "shared/header-lines.ts",
    ["test/shared/header-lines.test.ts"],
    [
      {
        name: "A header row may begin a header of its own.",
        find: "/[^\\t\\x20-\\x7e\\x80-\\xff]/.test(value)",
        replace: "false",
      },
    ],
  ),
];
