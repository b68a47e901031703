// Mail over SMTP: what arrives at a real server, and what a person reads when it does not.

import { describe, expect, test } from "vitest";
import { createAddressGuard } from "../../../server/adapters/address-guard.ts";
import { createSmtpMailer } from "../../../server/adapters/smtp-mailer.ts";
import { Refused, TryLater } from "../../../shared/problem.ts";
import { FORBIDDEN_HOSTS } from "./hosts.ts";
import { findClosedPort, readCert, startTcp } from "./loopback.ts";
import { letter, mailFailure, openMailer, plain, startSmtp } from "./smtp-door.ts";

describe("a mail", () => {
  test("arrives with its people, words and files", async () => {
    const target = await startSmtp();
    const file = new TextEncoder().encode("--%PDF-1.7--").subarray(2, 10);
    const receipt = await openMailer(target.port, { hostName: "flows.example.com" }).send(
      plain(target.port),
      letter({
        from: "Flöw <flow@example.com>",
        to: ["Ann <ann@example.com>", "bob@example.com"],
        cc: ['"Lee, Carol" <carol@example.com>'],
        bcc: ["dora@example.com"],
        replyTo: "reply@example.com",
        subject: "Grüße 👋\r\nBcc: evil@example.com",
        text: "Hi,\n.\nbye",
        html: "<p>Hi</p>",
        attachments: [
          { filename: "a/b\r\nc.pdf", content: file, contentType: "application/pdf" },
          { filename: "empty.bin", content: new Uint8Array() },
        ],
      }),
    );
    expect(target.arrived).toHaveLength(1);
    const [arrived] = target.arrived;
    expect(arrived).toMatchObject({
      from: "flow@example.com",
      to: ["ann@example.com", "bob@example.com", "carol@example.com", "dora@example.com"],
      helo: "flows.example.com",
    });
    expect(arrived?.mail).toMatchObject({
      subject: "Grüße 👋 Bcc: evil@example.com",
      messageId: receipt.messageId,
      from: { value: [{ name: "Flöw", address: "flow@example.com" }] },
      to: { value: [{ name: "Ann", address: "ann@example.com" }, { address: "bob@example.com" }] },
      cc: { value: [{ name: "Lee, Carol", address: "carol@example.com" }] },
      replyTo: { value: [{ address: "reply@example.com" }] },
      html: "<p>Hi</p>",
    });
    expect(arrived?.mail.text?.trim()).toBe("Hi,\n.\nbye");
    expect(arrived?.mail.bcc).toBeUndefined();
    expect(arrived?.raw).not.toMatch(/dora|^x-mailer/im);
    expect(arrived?.mail.attachments).toMatchObject([
      { filename: "a_b_c.pdf", contentType: "application/pdf" },
      { filename: "empty.bin" },
    ]);
    expect(arrived?.mail.attachments[0]?.content.toString()).toBe("%PDF-1.7");
    expect(receipt).toMatchObject({
      accepted: ["ann@example.com", "bob@example.com", "carol@example.com", "dora@example.com"],
      rejected: [],
      response: expect.stringMatching(/^250 /),
    });
  });

  test("has a subject of one line that a terminal may show", async () => {
    const target = await startSmtp();
    const subject = "Order\r\nBcc: evil@example.com\0\x07\x1b[2J paid\x7f\u0085!";
    await openMailer(target.port).send(plain(target.port), letter({ subject }));
    expect(target.arrived[0]?.mail.subject).toBe("Order Bcc: evil@example.com [2J paid !");
    expect(target.arrived[0]?.mail.bcc).toBeUndefined();
    expect(target.arrived[0]?.to).not.toContain("evil@example.com");
  });

  test("keeps its Message-ID when it is sent again, and another key has another one", async () => {
    const target = await startSmtp();
    const mailer = openMailer(target.port);
    for (const messageKey of ["run-1:email", "run-1:email", "run-2:email"]) {
      await mailer.send(plain(target.port), letter({ messageKey }));
    }
    const [first, again, other] = target.arrived.map(({ mail }) => mail.messageId);
    expect(first).toMatch(/^<[0-9a-f]{32}@flowcatch>$/);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  test("says which recipients were not taken", async () => {
    const target = await startSmtp({
      onRcptTo: ({ address }, _, done) =>
        done(
          address.startsWith("bad") ? Object.assign(new Error("no such user"), { responseCode: 550 }) : null,
        ),
    });
    const receipt = await openMailer(target.port).send(
      plain(target.port),
      letter({ to: ["ann@example.com", "bad@example.com"] }),
    );
    expect(receipt).toMatchObject({ accepted: ["ann@example.com"], rejected: ["bad@example.com"] });
  });

  test.each([
    "ann",
    "",
    "ann@",
    "@example.com",
    "ann@exa mple.com",
    "ann@example.com\r\nRCPT TO:<evil@example.com>",
    "Ann\n <ann@example.com>",
    "ann@example.com, bob@example.com",
    "ann@example.com; bob@example.com",
    "Team: ann@example.com, bob@example.com;",
    "Team: ann@example.com;",
    '"ann@evil.com x"@example.com',
    "<ann@example.com> SIZE=1",
    "ann@[127.0.0.1]",
    "ann@-example.com",
    `${"a".repeat(65)}@example.com`,
    `a${" ".repeat(200_000)}b`,
    { name: "a", address: "a@example.com" } as unknown as string,
  ])("the address %j is refused, wherever it stands", async (address) => {
    const target = await startSmtp();
    const mailer = openMailer(target.port);
    for (const change of [
      { from: address },
      { to: [address] },
      { cc: [address] },
      { bcc: [address] },
      { replyTo: address },
    ]) {
      const error = await mailFailure(mailer.send(plain(target.port), letter(change)));
      expect(error).toBeInstanceOf(Refused);
      expect(error.problem.code).toBe("mail-bad-address");
    }
    expect(target.connections).toBe(0);
  });

  test.each([
    ["ann@example.com", "", "ann@example.com"],
    [" <ann@example.com> ", "", "ann@example.com"],
    ["Ann O'Neil (Sales) <ann@example.com>", "Ann O'Neil (Sales)", "ann@example.com"],
    ['"Ann \\"A\\" Lee; Jr" <ann@example.com>', 'Ann "A" Lee; Jr', "ann@example.com"],
    ["ann@example.org <ann@example.com>", "ann@example.org", "ann@example.com"],
    ["root@localhost", "", "root@localhost"],
  ])("the address %j is understood", async (text, name, address) => {
    const target = await startSmtp();
    await openMailer(target.port).send(plain(target.port), letter({ to: [text] }));
    expect(target.arrived[0]?.mail.to).toMatchObject({ value: [{ name, address }] });
  });

  test("an address in any script passes", async () => {
    const target = await startSmtp();
    await openMailer(target.port).send(plain(target.port), letter({ to: ["o'neil+tag@bücher.example"] }));
    expect(target.arrived[0]?.raw).toContain("To: o'neil+tag@xn--bcher-kva.example");
  });

  test("a mail without a recipient is refused", async () => {
    const error = await mailFailure(openMailer(25).send(plain(25), letter({ to: [] })));
    expect(error.problem).toMatchObject({ code: "mail-bad-address", field: "to" });
  });

  test.each([
    ["a path as text", { text: { path: "/etc/passwd" } }],
    ["a link as HTML", { html: { href: "http://127.0.0.1/" } }],
    ["a path as a file", { attachments: [{ filename: "a", path: "/etc/passwd" }] }],
    ["a text as a file", { attachments: [{ filename: "a", content: "text" }] }],
    ["an object as a file", { attachments: [{ filename: "a", content: { path: "/etc/passwd" } }] }],
    [
      "a header in a type",
      { attachments: [{ filename: "a", content: new Uint8Array(), contentType: "a/b\r\nX: y" }] },
    ],
    ["a subject of objects", { subject: { path: "/etc/passwd" } }],
  ])("%s is refused", async (_, change) => {
    const target = await startSmtp();
    const mail = { ...letter(), ...change } as unknown as ReturnType<typeof letter>;
    const error = await mailFailure(openMailer(target.port).send(plain(target.port), mail));
    expect(error).toBeInstanceOf(Refused);
    expect(error.problem.code).toBe("mail-bad-content");
    expect(target.connections).toBe(0);
  });
});

describe("signing in", () => {
  const withUsers = () =>
    startSmtp({
      authOptional: false,
      onAuth: ({ username, password }, _, done) =>
        username === "flow" && password === "right-password"
          ? done(null, { user: username })
          : done(Object.assign(new Error(`no: ${password}`), { responseCode: 535 })),
    });
  const server = (port: number, password: string) => ({
    host: "localhost",
    port,
    security: "starttls" as const,
    user: "flow",
    password,
  });

  test("with the right password sends, and verify sends nothing", async () => {
    const target = await withUsers();
    const mailer = openMailer(target.port, { ca: readCert("trusted") });
    await mailer.verify(server(target.port, "right-password"));
    expect(target.arrived).toEqual([]);
    await mailer.send(server(target.port, "right-password"), letter());
    expect(target.arrived).toMatchObject([{ user: "flow", secure: true, servername: "localhost" }]);
  });

  test("with a wrong password is refused, and the password is not in the words", async () => {
    const target = await withUsers();
    const mailer = openMailer(target.port, { ca: readCert("trusted") });
    for (const start of [
      () => mailer.send(server(target.port, "CANARY-PASSWORD"), letter()),
      () => mailer.verify(server(target.port, "CANARY-PASSWORD")),
    ]) {
      const error = await mailFailure(start());
      expect(error).toBeInstanceOf(Refused);
      expect(error.problem.code).toBe("mail-sign-in");
      expect(error.problem.hint).toContain("535");
      expect(JSON.stringify(error.problem)).not.toContain("CANARY");
    }
    expect(target.arrived).toEqual([]);
  });

  test("without a password is refused", async () => {
    const target = await withUsers();
    const mailer = openMailer(target.port, { ca: readCert("trusted") });
    const error = await mailFailure(mailer.send(server(target.port, ""), letter()));
    expect(error.problem.code).toBe("mail-sign-in");
  });

  test("at a server that offers no sign-in is refused, not sent without", async () => {
    const target = await startSmtp({ disabledCommands: ["AUTH", "STARTTLS"] });
    const error = await mailFailure(
      openMailer(target.port).send(
        { ...plain(target.port), user: "flow", password: "right-password" },
        letter(),
      ),
    );
    expect(error.problem.code).toBe("mail-sign-in");
    expect(target.arrived).toEqual([]);
  });

  test("that fails for now can be tried again", async () => {
    const target = await startSmtp({
      disabledCommands: ["STARTTLS"],
      onAuth: (_, __, done) => done(Object.assign(new Error("busy"), { responseCode: 454 })),
    });
    const error = await mailFailure(
      openMailer(target.port).verify({ ...plain(target.port), user: "flow", password: "right-password" }),
    );
    expect(error).toBeInstanceOf(TryLater);
    expect(error.problem.code).toBe("mail-try-later");
  });
});

describe("security", () => {
  test("tls encrypts from the first byte and greets the server by its name", async () => {
    const target = await startSmtp({ secure: true });
    const mailer = openMailer(target.port, { ca: readCert("trusted") });
    const server = { host: "safe.example.test", port: target.port, security: "tls" as const };
    await mailer.send(server, letter());
    await mailer.send({ ...server, host: "127.0.0.1" }, letter());
    expect(target.arrived).toMatchObject([
      { secure: true, servername: "safe.example.test" },
      { secure: true, servername: undefined },
    ]);
  });

  test.each([
    ["tls", "an unknown authority", "safe.example.test", undefined],
    ["tls", "another name", "other.example.test", "trusted"],
    ["starttls", "an unknown authority", "safe.example.test", undefined],
    ["starttls", "another name", "other.example.test", "trusted"],
  ] as const)("%s with a certificate of %s is refused", async (security, _, host, ca) => {
    const target = await startSmtp({ secure: security === "tls" });
    const mailer = openMailer(target.port, { ca: ca && readCert(ca) });
    const error = await mailFailure(mailer.send({ host, port: target.port, security }, letter()));
    expect(error).toBeInstanceOf(Refused);
    expect(error.problem.code).toBe("mail-tls");
    expect(target.arrived).toEqual([]);
  });

  test("starttls that the server does not offer is refused, and nothing goes in the clear", async () => {
    const target = await startSmtp({ hideSTARTTLS: true, disabledCommands: ["STARTTLS"] });
    const error = await mailFailure(
      openMailer(target.port).send({ ...plain(target.port), security: "starttls" }, letter()),
    );
    expect(error).toBeInstanceOf(Refused);
    expect(error.problem).toMatchObject({
      code: "mail-tls",
      sentence: expect.stringContaining("no STARTTLS"),
    });
    expect(target.arrived).toEqual([]);
  });

  test("tls at a port that speaks plain text is refused", async () => {
    const target = await startSmtp();
    const error = await mailFailure(
      openMailer(target.port).send({ ...plain(target.port), security: "tls" }, letter()),
    );
    expect(error).toBeInstanceOf(Refused);
    expect(error.problem.code).toBe("mail-tls");
  });

  test("none does not try to encrypt", async () => {
    const target = await startSmtp();
    await openMailer(target.port).send(plain(target.port), letter());
    expect(target.arrived).toMatchObject([{ secure: false }]);
  });
});

describe("addresses", () => {
  test("no spelling of an inside host is connected to", async () => {
    const canary = await startTcp((socket) => socket.end());
    // The port alone must not open the host.
    const guard = createAddressGuard({
      allow: [`10.9.9.9:${canary.port}`],
      resolve: async () => [{ address: "127.0.0.1", family: 4 }],
    });
    const mailer = createSmtpMailer({ guard });
    const hosts = [...FORBIDDEN_HOSTS, "::1", "::ffff:127.0.0.1", "inside.example.test", " 127.0.0.1 "];
    for (const host of hosts) {
      for (const port of [canary.port, 25, 587]) {
        const error = await mailFailure(mailer.verify({ host, port, security: "none" }));
        expect([host, error.name]).toEqual([host, "Refused"]);
      }
    }
    expect(canary.connections).toBe(0);
  });

  test("a name with one inside address is refused", async () => {
    const guard = createAddressGuard({
      allow: [],
      resolve: async () => [
        { address: "93.184.216.34", family: 4 },
        { address: "::1", family: 6 },
      ],
    });
    const error = await mailFailure(
      createSmtpMailer({ guard }).verify({ host: "mx.example.test", port: 25, security: "none" }),
    );
    expect(error.problem.code).toBe("http-address-not-allowed");
  });

  test("a socket that arrived at an inside address is closed before a byte is read", async () => {
    const canary = await startTcp(() => {});
    const open = createAddressGuard({
      allow: [`127.0.0.1:${canary.port}`],
      resolve: async () => [{ address: "127.0.0.1", family: 4 }],
    });
    const closed = createAddressGuard({ allow: [] });
    const guard = { ...closed, allowsByPort: () => true, resolve: open.resolve };
    const server = { host: "trap.test", port: canary.port, security: "none" as const };
    const error = await mailFailure(createSmtpMailer({ guard }).verify(server));
    expect(error.problem.code).toBe("http-address-not-allowed");
  });

  test.each([22, 80, 110, 143, 443, 6379])("port %i is not for mail", async (port) => {
    const guard = createAddressGuard({
      allow: ["10.0.0.0/8", "10.0.0.0/8:25"],
      resolve: async () => [{ address: "93.184.216.34", family: 4 }],
    });
    for (const host of ["example.com", "93.184.216.34", "10.0.0.1"]) {
      const error = await mailFailure(createSmtpMailer({ guard }).verify({ host, port, security: "none" }));
      expect(error).toBeInstanceOf(Refused);
      expect(error.problem.code).toBe("mail-port-not-allowed");
    }
  });

  test.each([
    "",
    "smtp.example.com:25",
    "http://example.com",
    "user@example.com",
    "a b",
    "a/b",
    "[::1",
    "exa\r\nmple",
  ])("the host %j is refused", async (host) => {
    const error = await mailFailure(openMailer(25).verify({ host, port: 25, security: "none" }));
    expect(error).toBeInstanceOf(Refused);
    expect(error.problem.code).toBe("mail-bad-server");
  });
});

describe("trouble", () => {
  test.each([
    [421, TryLater, "mail-try-later"],
    [450, TryLater, "mail-try-later"],
    [452, TryLater, "mail-try-later"],
    [550, Refused, "mail-refused"],
    [554, Refused, "mail-refused"],
  ])("a reply of %i at each stage", async (responseCode, kind, code) => {
    const no = Object.assign(new Error("not today"), { responseCode });
    for (const stage of ["onConnect", "onMailFrom", "onRcptTo", "onData"] as const) {
      const target = await startSmtp({
        [stage]: (first: { resume?: () => void }, second: unknown, third: unknown) => {
          // The data has to be read before it is answered.
          first.resume?.();
          const done = typeof second === "function" ? second : third;
          if (typeof done === "function") done(no);
        },
      });
      const error = await mailFailure(openMailer(target.port).send(plain(target.port), letter()));
      expect([stage, error]).toEqual([stage, expect.any(kind)]);
      expect(error.problem).toMatchObject({ code, hint: expect.stringContaining("not today") });
    }
  });

  test("a closed port can be tried again", async () => {
    const port = await findClosedPort();
    const error = await mailFailure(openMailer(port).send(plain(port), letter()));
    expect(error).toBeInstanceOf(TryLater);
    expect(error.problem).toMatchObject({
      code: "mail-network",
      sentence: `The connection to 127.0.0.1:${port} failed.`,
    });
  });

  test.each([
    ["hangs up at once", (socket: { end(): unknown }) => socket.end()],
    ["resets", (socket: { resetAndDestroy(): unknown }) => socket.resetAndDestroy()],
  ])("a server that %s can be tried again", async (_, talk) => {
    const target = await startTcp((socket) => talk(socket));
    const mailer = openMailer(target.port);
    for (const start of [
      () => mailer.send(plain(target.port), letter()),
      () => mailer.verify(plain(target.port)),
    ]) {
      const error = await mailFailure(start());
      expect(error).toBeInstanceOf(TryLater);
      expect(error.problem.code).toBe("mail-network");
    }
  });

  test("a name that is not found can be tried again", async () => {
    const notFound = Object.assign(new Error("getaddrinfo ENOTFOUND typo.test"), { code: "ENOTFOUND" });
    const guard = createAddressGuard({ allow: [], resolve: () => Promise.reject(notFound) });
    const error = await mailFailure(
      createSmtpMailer({ guard }).verify({ host: "typo.test", port: 25, security: "none" }),
    );
    expect(error).toBeInstanceOf(TryLater);
    expect(error.problem.sentence).toBe("typo.test could not be found.");
  });

  test.each([
    ["before it starts", 0],
    ["while it waits", 50],
  ])("an abort (%s) rejects with its own reason and hangs up", async (_, after) => {
    let open = 0;
    const target = await startTcp((socket) => {
      open++;
      socket.resume().on("close", () => open--);
    });
    const mailer = openMailer(target.port);
    for (const start of [
      (signal: AbortSignal) => mailer.send(plain(target.port), letter(), { signal }),
      (signal: AbortSignal) => mailer.verify(plain(target.port), { signal }),
    ]) {
      const controller = new AbortController();
      const reason = new Error("the run was cancelled");
      if (after === 0) controller.abort(reason);
      else setTimeout(() => controller.abort(reason), after);
      await expect(start(controller.signal)).rejects.toBe(reason);
    }
    if (after === 0) expect(target.connections).toBe(0);
    await expect.poll(() => open).toBe(0);
  });
});
