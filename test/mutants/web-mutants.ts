// What keeps strangers and other sites out, and bodies within bounds: sessions, origins, catch URLs, pages.

import { inFile, type Mutant } from "./mutant.ts";

const SESSION = ["test/server/routes/session.test.ts"];
const ACCESS = ["test/server/routes/access.test.ts"];
const SETTINGS = ["test/server/routes/catch-settings.test.ts"];
const INTAKE = ["test/server/engine/catching.test.ts"];
const CATCH = ["test/server/routes/catch.test.ts"];
const LISTEN = ["test/server/listen.test.ts"];
const RUNS = ["test/server/routes/runs.test.ts"];

export const WEB_MUTANTS: Mutant[] = [
  ...inFile("server/routes/caller.ts", SESSION, [
    { name: "Scripts can read the session.", find: " HttpOnly;", replace: "" },
    { name: "Other sites send the session along.", find: "SameSite=Lax", replace: "SameSite=None" },
    { name: "The session also goes over plain http.", find: '? "; Secure"', replace: '? ""' },
    {
      name: "A session lasts for ever while it is used.",
      find: "now >= session.expiresAt || ",
      replace: "",
    },
    {
      name: "A session lasts however long it is idle.",
      find: " || now - session.lastSeenAt >= IDLE",
      replace: "",
    },
  ]),
  ...inFile("server/listen.ts", LISTEN, [
    {
      name: "All requests of a connection are answered at once.",
      find: "if (talk.requests === 1) return begin();",
      replace: "if (talk.requests > 0) return begin();",
    },
    {
      name: "Any number of requests may stand in line.",
      find: " > MOST_WAITING) cut(talk, req.socket);",
      replace: ");",
    },
    {
      name: "What stands in line is begun though nobody is there any more.",
      find: "if (socket.writable) waiting",
      replace: "waiting",
    },
  ]),
  ...inFile("server/routes/caller.ts", ACCESS, [
    {
      name: "A local proof opens every route.",
      find: 'req.method === "POST" && req.path === "/tokens"',
      replace: "true",
    },
  ]),
  ...inFile("server/routes/same-origin.ts", ACCESS, [
    {
      name: "Another site can act for a signed-in browser.",
      find: 'if (site !== "same-origin") throw FOREIGN;',
      replace: "",
    },
    {
      name: "Another site can act for a signed-in browser that is old.",
      find: "if (origin !== deps.settings.publicUrl && origin !== ownOrigin(req)) throw FOREIGN;",
      replace: "",
    },
    {
      name: "A request that says nothing of its origin can use a session.",
      find: 'if (hasSessionCookie(deps, req) && req.headers[OWN_HEADER] !== "1") throw FOREIGN;',
      replace: "",
    },
  ]),
  ...inFile("server/routes/session.ts", SESSION, [
    {
      name: "A site that names itself like this machine becomes the owner.",
      find: "refuseStrangeName(deps, req);\n",
      replace: "",
    },
  ]),
  ...inFile("server/routes/sign-in-limit.ts", SESSION, [
    {
      name: "Passwords of one account can be guessed without end.",
      find: "await count(accounts, accountKey(email, address));",
      replace: "",
    },
    {
      name: "One address can guess passwords without end.",
      find: "await count(addresses, networkOf(address));",
      replace: "",
    },
  ]),
  ...inFile(
    "server/routes/api.ts",
    ["test/server/routes/api.test.ts"],
    [
      {
        name: "Who is not signed in may send as much as who is.",
        find: "...bodyParsers(name, parseStrangersJson), async",
        replace: "...bodyParsers(name, parseJson), async",
      },
    ],
  ),
  ...inFile("server/routes/catch.ts", CATCH, [
    {
      name: "A key that no flow can have is looked for in the database.",
      find: "([A-Za-z0-9_-]{16,64})",
      replace: "([^/]+)",
    },
    {
      name: "One flow's catch URL tells of another's runs.",
      find: "if (!run || run.flowId !== flow.id)",
      replace: "if (!run)",
    },
  ]),
  ...inFile("server/routes/catch-answer.ts", CATCH, [
    {
      name: "A browser may guess what the answer of a catch URL is.",
      find: '"X-Content-Type-Options": "nosniff",',
      replace: "",
    },
  ]),
  ...inFile("server/routes/catch-request.ts", SETTINGS, [
    {
      name: "Anybody's word is believed about where a request comes from.",
      find: "if (trust === false) return",
      replace: "if (trust === false && Date.now() < 0) return",
    },
    {
      name: "A header that comes twice counts as one that came once.",
      find: "      repeated.add(name);",
      replace: "",
    },
  ]),
  ...inFile("server/routes/catch-cors.ts", SETTINGS, [
    {
      name: "Every page may read the answers that only some may.",
      find: "if (cors.origins.includes(origin))",
      replace: "",
    },
  ]),
  ...inFile("server/routes/catch.ts", SETTINGS, [
    {
      name: "A URL is checked as the request names it.",
      find: "url: catchUrl(deps, key) + queryText(req),",
      replace: 'url: "https://" + String(req.headers["x-forwarded-host"]) + String(req.url),',
    },
  ]),
  ...inFile("server/engine/intake.ts", INTAKE, [
    {
      name: "Nobody asks who sent it.",
      find: "if (stranger) return refuse(",
      replace: "if (false) return refuse(",
    },
    {
      name: "What a sender proves itself by is kept with the event.",
      find: "const event = caughtEvent(masked,",
      replace: "const event = caughtEvent(request,",
    },
    {
      name: "A flood of forged requests fills the disk.",
      find: "if (!deps.pressure.mayKeepRefused(flow.id)) return refusal;",
      replace: "",
    },
    {
      name: "Who forged a request hears what was wrong with it.",
      find: '{ verdict: "refused", status, problem });\n  return refusal;',
      replace: '{ verdict: "refused", status, problem });\n  return { ...refusal, problem };',
    },
  ]),
  ...inFile("server/engine/entry.ts", INTAKE, [
    { name: "A flow takes as much as comes.", find: "if (seconds > 0)", replace: "if (false)" },
    {
      name: "The list of addresses keeps nobody out.",
      find: "!addressIn(allowedAddresses, from)",
      replace: "false",
    },
  ]),
  ...inFile("server/routes/catch-body.ts", CATCH, [
    {
      name: "A small body may unfold into one of any size.",
      find: "{ maxOutputLength: maxBytes }",
      replace: "{}",
    },
    {
      name: "A body may be of any size.",
      find: 'if (bytes.size() + chunk.byteLength > maxBytes) finish("too large");',
      replace: "if (false) {}",
    },
  ]),
  ...inFile(
    "shared/gathered-bytes.ts",
    ["test/shared/gathered-bytes.test.ts"],
    [
      {
        name: "A body in pieces of one byte takes several hundred times its size.",
        find: "if (isFirst || piece.byteLength >= SMALL) {",
        replace: "if (size >= 0) {",
      },
    ],
  ),
  ...inFile("server/routes/catch-request.ts", CATCH, [
    {
      name: "The session of who opens a catch URL becomes part of the event.",
      find: 'part !== "" && !COOKIE_NAMES.includes(part.split("=")[0]?.trim() ?? "")',
      replace: 'part !== ""',
    },
    {
      name: "An API token sent to a catch URL becomes part of the event.",
      find: "if (/^bearer fc_/i.test(",
      replace: "if (/^$^/i.test(",
    },
  ]),
  ...inFile("server/routes/run-response.ts", RUNS, [
    {
      name: "What a flow answers is a page of this site.",
      find: 'res.setHeader("Content-Security-Policy", "sandbox; default-src \'none\'");',
      replace: "",
    },
    {
      name: "A browser may guess what a flow answers.",
      find: 'res.setHeader("X-Content-Type-Options", "nosniff");',
      replace: "",
    },
    { name: "A flow can set a cookie of this site.", find: '"set-cookie",', replace: "" },
  ]),
  ...inFile(
    "server/app.ts",
    ["test/server/routes/api.test.ts"],
    [
      {
        name: "Pages come without headers that bind them to this site.",
        find: "app.use(securityHeaders(isHttps(settings)));",
        replace: "",
      },
      {
        name: "A page may run scripts that stand in it.",
        find: "scriptSrc: [\"'self'\"],",
        replace: "scriptSrc: [\"'self'\", \"'unsafe-inline'\"],",
      },
    ],
  ),
];
