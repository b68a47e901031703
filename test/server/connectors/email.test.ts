// E-mail: addresses as people write them, and what must never get into a header.

import { describe, expect, test } from "vitest";
import type { Example } from "../../../server/connectors/kit.ts";
import { findConnector } from "../../../server/connectors/registry.ts";
import type { MailReceipt } from "../../../server/ports/mailer.ts";
import { Refused } from "../../../shared/problem.ts";
import { actionOf, playAction, playBack } from "../../kit/playback.ts";

const action = actionOf("email.send");
const auth = { host: "smtp.example.com", from: "shop@example.com" };
const receipt: MailReceipt = {
  messageId: "<1@x>",
  accepted: ["x@example.com"],
  rejected: [],
  response: "250 OK",
};
const whole = { to: "ada@example.com", subject: "Hi", text: "Hello" };

const send = (input: object, mail: NonNullable<Example["mails"]>[number]["mail"] = {}, answer = receipt) =>
  playAction(action, { input: { ...whole, ...input }, auth, mails: [{ server: {}, mail, receipt: answer }] });

const refuse = (input: object, own: object = {}) =>
  expect(playAction(action, { input: { ...whole, ...input }, auth: { ...auth, ...own } })).rejects;

describe("addresses", () => {
  test.each<[unknown, string[]]>([
    ["ada@example.com", ["ada@example.com"]],
    [" ada@example.com , bob@example.com ", ["ada@example.com", "bob@example.com"]],
    ["ada@example.com; bob@example.com;", ["ada@example.com", "bob@example.com"]],
    [
      ["ada@example.com", "bob@example.com, eve@example.com"],
      ["ada@example.com", "bob@example.com", "eve@example.com"],
    ],
    [
      [["ada@example.com"], "bob@example.com"],
      ["ada@example.com", "bob@example.com"],
    ],
    ["Ada Lovelace <ada@example.com>", ["Ada Lovelace <ada@example.com>"]],
    ["Lovelace, Ada <ada@example.com>", ["refused"]],
    ['"Lovelace, Ada" <ada@example.com>', ['"Lovelace, Ada" <ada@example.com>']],
    ['"Ada \\"the\\" L" <ada@example.com>', ['"Ada \\"the\\" L" <ada@example.com>']],
    ["Dr. Ada <ada@example.com>", ['"Dr. Ada" <ada@example.com>']],
    ["Zoë Müller <zoe@example.com>", ["Zoë Müller <zoe@example.com>"]],
    ["<ada@example.com>", ["ada@example.com"]],
    ["ada+tag@mail.example.co.uk", ["ada+tag@mail.example.co.uk"]],
    ["root@localhost", ["root@localhost"]],
    ["用户@例子.广告", ["用户@例子.广告"]],
  ])("%j", async (to, expected) => {
    if (expected[0] === "refused") await refuse({ to }).toThrow("not an e-mail address");
    else await send({ to }, { to: expected });
  });

  test.each([
    "ada",
    "ada@",
    "@example.com",
    "ada@@example.com",
    "ada@exa mple.com",
    "ada@example.com bob@example.com",
    "ada@-example.com",
    "Ada <ada@example.com> <bob@example.com>",
    "Ada <>",
    '"ada@example.com',
    "ada@example.com>",
    "ada@[127.0.0.1]",
    `${"a".repeat(65)}@example.com`,
  ])("“%s” is refused", async (to) => {
    await refuse({ to }).toBeInstanceOf(Refused);
  });

  test("there is at least one recipient, and 100 at most", async () => {
    await refuse({ to: [] }).toThrow("“To” needs at least one entry");
    await refuse({ to: " , " }).toThrow("no recipient");
    await refuse({ to: Array.from({ length: 101 }, (_, i) => `a${i}@example.com`) }).toThrow("101 addresses");
  });

  test("a whole text by mistake is refused at once", async () => {
    const start = performance.now();
    await refuse({ to: "<".repeat(900_000) }).toThrow("too long");
    await refuse({ to: "<".repeat(19_000) }).toBeInstanceOf(Refused);
    await refuse({ to: '"'.repeat(19_001) }).toBeInstanceOf(Refused);
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  test("a sender is one", async () => {
    await refuse({ from: "a@example.com, b@example.com" }).toThrow("“From” needs one address");
    await refuse({ replyTo: "a@example.com, b@example.com" }).toThrow("“Reply to” needs one address");
    await refuse({}, { from: "nobody" }).toThrow("not an e-mail address");
  });
});

describe("line breaks", () => {
  test.each([
    ["to", "ada@example.com\r\nBcc: all@example.com"],
    ["to", ["ada@example.com\nX: 1"]],
    ["cc", "ada@example.com\0"],
    ["bcc", "a@example.com\r"],
    ["subject", "Hi\r\nBcc: all@example.com"],
    ["subject", "Hi\u2028there"],
    ["from", "Shop\r\nX: 1 <shop@example.com>"],
    ["replyTo", "a@example.com\n"],
    ["attachments", [{ filename: "a\r\nb.txt", content: "x" }]],
    ["attachments", [{ filename: "a.txt", content: "x", contentType: "text/plain\r\nX: 1" }]],
  ])("in “%s” are refused: %j", async (key, value) => {
    await refuse({ [key]: value }).toThrow("holds a line break");
  });

  test("around a subject they are only a template's white space", async () => {
    await send({ subject: "\n Hi \n" }, { subject: "Hi" });
  });

  test("in the text they belong to it", async () => {
    await send({ text: "a\r\nb" }, { text: "a\r\nb" });
  });
});

describe("attachments", () => {
  const bytes = (text: string) => Buffer.from(text);

  test.each<[object, object]>([
    [
      { filename: "a.txt", content: "é" },
      { filename: "a.txt", content: bytes("é") },
    ],
    [
      { filename: "a.txt", content: 5 },
      { filename: "a.txt", content: bytes("5") },
    ],
    [
      { filename: "a.bin", content: "AAEC", encoding: "base64" },
      { filename: "a.bin", content: Buffer.from([0, 1, 2]) },
    ],
    [
      { filename: "a.png", content: "data:image/png;base64,AA\n==", encoding: "base64" },
      { filename: "a.png", content: Buffer.from([0]) },
    ],
    [
      { filename: "../../etc/passwd", content: "" },
      { filename: ".._.._etc_passwd", content: bytes("") },
    ],
    [
      {
        filename: "a.pdf",
        content: { base64: "AA==", contentType: "application/pdf" },
        contentType: "text/plain",
      },
      { filename: "a.pdf", content: Buffer.from([0]), contentType: "text/plain" },
    ],
  ])("%j", async (given, sent) => {
    const played = playBack({ mails: [{ server: {}, mail: {}, receipt }] });
    let attachments: unknown;
    const mailer = {
      ...played.world.mailer,
      async send(_: unknown, mail: { attachments?: unknown }) {
        attachments = mail.attachments;
        return receipt;
      },
    };
    await action.run({ ...played.world, mailer, input: { ...whole, attachments: [given] }, auth, key: "k" });
    expect(attachments).toEqual([sent]);
  });

  test.each([
    [[{ filename: "a", content: "not base64!", encoding: "base64" }], "not base64"],
    [[{ filename: "a", content: { base64: "***" } }], "Attachments"],
    [[{ filename: "a", content: { path: "/etc/passwd" } }], "Attachments"],
    [[{ content: "x" }], "is missing"],
    [
      [
        { filename: "a", content: "x".repeat(6_000_000) },
        { filename: "b", content: "x".repeat(6_000_000) },
      ],
      "10 MB",
    ],
  ])("are refused (case %#)", async (attachments, why) => {
    await refuse({ attachments }).toThrow(why);
  });
});

describe("sending", () => {
  test("an empty message is refused", async () => {
    await refuse({ text: "" }).toThrow("The message is empty");
    await send({ text: "", html: "<p>x</p>" }, { html: "<p>x</p>" });
  });

  test("when nobody is accepted, the step fails and says what the server said", async () => {
    const none = { ...receipt, accepted: [], rejected: ["ada@example.com"], response: "550 no such user" };
    await expect(send({}, {}, none)).rejects.toThrow("550 no such user");
  });

  test("the check signs in with the stored server, and wants a sender that works", async () => {
    const kind = findConnector("email")?.connection;
    const servers: unknown[] = [];
    const { world } = playBack({});
    const mailer = { ...world.mailer, verify: async (server: unknown) => void servers.push(server) };
    const full = { ...auth, port: "465", security: "tls", user: "u", password: "p" };
    expect(await kind?.check({ ...world, mailer, auth: full })).toContain("smtp.example.com");
    expect(servers).toEqual([
      { host: "smtp.example.com", port: 465, security: "tls", user: "u", password: "p" },
    ]);
    await expect(kind?.check({ ...world, mailer, auth: { ...full, from: "me" } })).rejects.toThrow(
      "not an e-mail",
    );
    expect(servers).toHaveLength(1);
  });
});
