// `npm run send`: what arrives at the other side, what is printed, and what is said when it was called wrongly.

import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { send } from "../../server/send.ts";
import { samplesOf } from "../../server/senders/samples.ts";
import { createVerifier } from "../../server/verify/verify.ts";
import { VERIFICATION_PRESETS } from "../../shared/verification-presets.ts";
import { caught, NOW, presetVerification } from "../kit/caught.ts";

interface Arrived {
  method: string;
  headers: Record<string, string>;
  raw: Buffer;
}

let server: Server;
let to: string;
let arrived: Arrived[];
let answer: { status: number; headers?: Record<string, string>; body: string };

beforeEach(async () => {
  arrived = [];
  answer = { status: 202, body: '{"runId":"run_01"}' };
  server = createServer(async (req, res) => {
    const parts: Buffer[] = [];
    for await (const part of req) parts.push(part);
    const headers = Object.fromEntries(
      Object.entries(req.headers).map(([name, value]) => [name, String(value)]),
    );
    arrived.push({ method: req.method ?? "", headers, raw: Buffer.concat(parts) });
    res.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  to = `http://127.0.0.1:${(server.address() as AddressInfo).port}/catch/AbCdEfGhIjKlMnOpQrStUvWx`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

const verifier = createVerifier({
  http: {
    send() {
      throw new Error("nothing has to be fetched");
    },
  },
});

function verified(preset: string, secret: string, url = to) {
  const [request] = arrived;
  if (!request) throw new Error("nothing arrived");
  const { method, headers, raw } = request;
  return verifier.verify(presetVerification(preset), [secret], caught({ method, headers, raw, url }));
}

describe("a sample that is sent", () => {
  test.each([
    ["stripe", "invoice.paid"],
    ["github", "issues"],
    ["twilio", "sms"],
    ["square", "payment.updated"],
    ["mailgun", "delivered"],
  ])("as %s with the event %s arrives as its sender's", async (preset, event) => {
    const args = ["--to", to, "--as", preset, "--event", event, "--secret", "our secret"];
    expect(await send(args, {}, NOW)).toMatchObject({ exit: 0, complained: "" });
    expect(arrived).toHaveLength(1);
    expect(await verified(preset, "our secret")).toEqual({ kind: "ok" });
    expect(await verified(preset, "another secret")).toMatchObject({ kind: "refused" });
  });

  test("is told in a few lines, with the answer", async () => {
    const { said } = await send(["--to", to, "--as", "stripe", "--secret", "s"], {}, NOW);
    const bytes = arrived[0]?.raw.byteLength;
    expect(said).toBe(
      `Sent “An invoice was paid” (invoice.paid) as Stripe: ${bytes} bytes, signed in the header stripe-signature.\n` +
        'Answered 202 Accepted.\n{"runId":"run_01"}\n',
    );
  });

  test("takes the secret of the environment when none is given, and never prints it", async () => {
    const outcome = await send(["--to", to, "--as", "github"], { SEND_SECRET: "from the environment" }, NOW);
    expect(await verified("github", "from the environment")).toEqual({ kind: "ok" });
    expect(`${outcome.said}${outcome.complained}`).not.toContain("from the environment");
  });

  test("can be signed for the address that a proxy has", async () => {
    const url = "https://flows.example.com/catch/AbCdEfGhIjKlMnOpQrStUvWx";
    await send(["--to", to, "--as", "square", "--secret", "s", "--signed-for", url], {}, NOW);
    expect(await verified("square", "s", url)).toEqual({ kind: "ok" });
    expect(await verified("square", "s")).toMatchObject({ kind: "refused" });
  });

  test("can be left unsigned", async () => {
    const { said } = await send(["--to", to, "--as", "paypal", "--unsigned"], {}, NOW);
    expect(said).toContain("not signed");
    expect(JSON.parse(arrived[0]?.raw.toString() ?? "")).toMatchObject({
      event_type: "PAYMENT.CAPTURE.COMPLETED",
    });
  });

  test("that is refused is told with the problem, and ends with 1", async () => {
    answer = {
      status: 401,
      body: JSON.stringify({ title: "The signature does not fit.", detail: "Compare the secret." }),
    };
    const { exit, said } = await send(["--to", to, "--as", "stripe", "--secret", "s"], {}, NOW);
    expect(exit).toBe(1);
    expect(said).toContain("Answered 401 Unauthorized.\nThe signature does not fit.\nCompare the secret.\n");
  });

  test("is not sent on to another address", async () => {
    answer = { status: 307, headers: { Location: `${to}/elsewhere` }, body: "" };
    expect((await send(["--to", to, "--as", "stripe", "--secret", "s"], {}, NOW)).exit).toBe(1);
    expect(arrived).toHaveLength(1);
  });

  test("cannot write to the terminal by its answer", async () => {
    answer = { status: 200, body: "\u001b[2Jgone" };
    expect((await send(["--to", to, "--as", "stripe", "--secret", "s"], {}, NOW)).said).toContain("·[2Jgone");
    answer = { status: 200, body: JSON.stringify({ title: "\u001b[2Jgone" }) };
    expect((await send(["--to", to, "--as", "stripe", "--secret", "s"], {}, NOW)).said).toContain("·[2Jgone");
  });

  test("to where nobody listens ends with 1 and a sentence", async () => {
    const closed = "http://127.0.0.1:1/catch/x";
    const outcome = await send(["--to", closed, "--as", "stripe", "--secret", "s"], {}, NOW);
    expect(outcome.exit).toBe(1);
    expect(outcome.complained).toMatch(/^127\.0\.0\.1:1 gave no answer: .+\.\n$/);
  });
});

describe("keys of one's own", () => {
  test.each(["discord", "sendgrid"])("for %s sign what the public one accepts", async (preset) => {
    const { said } = await send(["--as", preset, "--new-keys"], {}, NOW);
    const [publicKey = "", privateKey = ""] = [...said.matchAll(/: +(\S+)$/gm)].map(([, key = ""]) => key);
    expect((await send(["--to", to, "--as", preset, "--secret", privateKey], {}, NOW)).exit).toBe(0);
    expect(await verified(preset, publicKey)).toEqual({ kind: "ok" });
  });
});

describe("called wrongly", () => {
  test.each([
    [["--as", "stripe", "--secret", "s"], /--to is missing/],
    [
      ["--to", "ftp://example.com", "--as", "stripe", "--secret", "s"],
      /--to is “ftp:\/\/example\.com”, which is no address that begins with http/,
    ],
    [["--to", "https://example.com"], /--as is missing/],
    [["--to", "https://example.com", "--as", "acme"], /No sender is called “acme”; --list shows all/],
    [["--to", "https://example.com", "--as", "stripe"], /no secret to be Stripe with/],
    [
      ["--to", "https://example.com", "--as", "stripe", "--event", "x", "--secret", "s"],
      /no sample “x” of Stripe/,
    ],
    [["--to", "https://example.com", "--as", "paypal", "--secret", "s"], /Only PayPal can sign as PayPal/],
    [
      ["--to", "https://example.com", "--as", "stripe", "--setting", "x"],
      /written as key=text, and “x” is not/,
    ],
    [["--to"], /--to needs a value/],
    [["--to", "--as", "stripe"], /--to needs a value/],
    [["--unsigned=yes"], /--unsigned takes no value/],
    [["--colour"], /There is no flag --colour/],
    [["--too", "https://example.com"], /There is no flag --too/],
    [["-x"], /There is no flag -x/],
    [["stripe"], /“stripe” belongs to no flag/],
    [["--as", "stripe", "--new-keys"], /Stripe does not sign with a key pair/],
  ])("with %j it says so, sends nothing and ends with 2", async (args, sentence) => {
    const outcome = await send(args, {}, NOW);
    expect(outcome).toMatchObject({ exit: 2, said: "" });
    expect(outcome.complained).toMatch(sentence);
    expect(outcome.complained).toContain("npm run send -- --help");
  });

  test("the program itself ends with 2", async () => {
    const run = promisify(execFile)(process.execPath, ["server/send.ts", "--colour"], {
      cwd: new URL("../..", import.meta.url),
    });
    await expect(run).rejects.toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/no flag --colour/),
    });
  });
});

describe("the list", () => {
  test("has every sender and every event", async () => {
    const { said } = await send(["--list"], {}, NOW);
    for (const { id, name } of VERIFICATION_PRESETS) {
      expect(said).toContain(name);
      for (const { event } of samplesOf(id)) expect(said).toContain(event);
    }
  });

  test("and the help end with 0", async () => {
    expect((await send(["--list"], {}, NOW)).exit).toBe(0);
    expect(await send(["--help"], {}, NOW)).toMatchObject({
      exit: 0,
      said: expect.stringContaining("--as <sender>"),
    });
  });
});
