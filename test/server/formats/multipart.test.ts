// Forms with files, as browsers and clients write them, and as they should not.

import { createHash } from "node:crypto";
import { Busboy } from "@fastify/busboy";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readMultipart } from "../../../server/formats/multipart.ts";
import type { FileField } from "../../../server/formats/multipart-file.ts";

const DATA = "Content-Disposition: form-data; ";

function form(...parts: (string | Buffer)[]): Buffer {
  const pieces = parts.flatMap((part) => ["--x\r\n", part, "\r\n"]);
  return Buffer.concat([...pieces, "--x--\r\n"].map((piece) => Buffer.from(piece)));
}

function part(head: string, content: string | Buffer = ""): Buffer {
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), Buffer.from(content)]);
}

function body(raw: Uint8Array, boundary: string | undefined = "x"): Record<string, unknown> {
  const read = readMultipart(raw, boundary);
  if (!read.ok) throw new Error(read.sentence);
  return read.body;
}

describe("fields and files", () => {
  test("come by name; a file with what it is, its bytes and its text", () => {
    const picture = Buffer.of(0x89, 0x50, 0, 0xff, 0x0d, 0x0a);
    const raw = form(
      part(`${DATA}name="title"`, "Zoë & Co\r\nsecond line"),
      part(`${DATA}name="photo"; filename="a.png"\r\nContent-Type: image/png`, picture),
      part(`${DATA}name="notes"; filename="n.txt"\r\nContent-Type: text/plain`, "hello ü"),
    );
    const sha256 = (bytes: string | Buffer) => createHash("sha256").update(bytes).digest("hex");
    expect(body(raw)).toEqual({
      title: "Zoë & Co\r\nsecond line",
      photo: {
        filename: "a.png",
        contentType: "image/png",
        bytes: 6,
        sha256: sha256(picture),
        base64: picture.toString("base64"),
        text: null,
      },
      notes: {
        filename: "n.txt",
        contentType: "text/plain",
        bytes: 8,
        sha256: sha256("hello ü"),
        base64: Buffer.from("hello ü").toString("base64"),
        text: "hello ü",
      },
    });
  });

  test("nest and repeat as in other forms", () => {
    const raw = form(
      part(`${DATA}name="order[items][]"`, "a"),
      part(`${DATA}name="order[items][]"`, "b"),
      part(`${DATA}name="files[]"; filename="1"`, ""),
      part(`${DATA}name="files[]"; filename="2"`, ""),
    );
    expect(body(raw)).toMatchObject({
      order: { items: ["a", "b"] },
      files: [{ filename: "1" }, { filename: "2" }],
    });
  });

  test("that say that they are JSON are data, and what is not stays text with a note", () => {
    const head = (name: string) => `${DATA}name=${name}\r\nContent-Type: application/json`;
    const read = readMultipart(form(part(head("a"), '{"b":[1]}'), part(head("c"), "{")), "x");
    expect(read).toMatchObject({
      body: { a: { b: [1] }, c: "{" },
      notes: [/“c” is said to be application\/json/],
    });
  });

  test("may come in another character set", () => {
    const latin = Buffer.from("ü", "latin1");
    const raw = form(
      part(`${DATA}name=a\r\nContent-Type: text/plain; charset=iso-8859-1`, latin),
      part(`${DATA}name=b`, latin),
    );
    expect(readMultipart(raw, "x")).toMatchObject({
      body: { a: "ü", b: "ü" },
      notes: [/“a”.*windows-1252/, /“b”.*windows-1252/],
    });
  });

  test("without a boundary in the content type are read by the one in the body", () => {
    expect(readMultipart(form(part(`${DATA}name=a`, "1")), undefined)).toMatchObject({
      body: { a: "1" },
      notes: [/named no boundary/],
    });
  });

  test("may have something before them, after them, and what looks like a boundary inside", () => {
    const inside = "\r\n--xy\r\n--x-\r\nab--x\r\n x";
    const raw = Buffer.concat([
      Buffer.from("before\r\n"),
      form(part(`${DATA}name=a`, inside)),
      Buffer.from("after --x"),
    ]);
    expect(body(raw)).toEqual({ a: inside });
  });
});

describe("the name of a file", () => {
  test.each([
    ['filename="C:\\Users\\me\\order.pdf"', "order.pdf"],
    ['filename="../../etc/passwd"', "passwd"],
    ['filename="/etc/cron.d/x"', "x"],
    ['filename="a/.."', ""],
    ['filename="."', ""],
    ['filename="a\u0000b\tc.txt"', "abc.txt"],
    ['filename="say %22hi%22.txt"', 'say "hi".txt'],
    ['filename="say \\"hi\\".txt"', 'say "hi".txt'],
    ['filename="100%.txt"', "100%.txt"],
    ["filename=plain.txt", "plain.txt"],
    ['filename="a;b=c.txt"', "a;b=c.txt"],
    ["filename=\"old.txt\"; filename*=UTF-8''na%C3%AFve%2Fx.txt", "x.txt"],
    ["filename=\"old.txt\"; filename*=UTF-8''%FF", "old.txt"],
    ['filename=""', ""],
    ['filename="grün.txt"', "grün.txt"],
  ])("%s is “%s”", (parameter, name) => {
    const file = body(form(part(`${DATA}name="f"; ${parameter}`, "x"))).f as FileField;
    expect(file).toMatchObject({ filename: name, bytes: 1 });
  });
});

describe("a form that is refused", () => {
  const one = part(`${DATA}name="a"`, "1");
  test.each([
    ["without its last boundary", Buffer.from(`--x\r\n${one}\r\n`), /Part 1 of the form does not end/],
    ["cut in its last boundary", form(one).subarray(0, -4), /does not end/],
    ["cut in the second part", form(one, one).subarray(0, -20), /part 2 of the form/],
    ["with another boundary", form(one).fill("y", 2, 3), /only at the end/],
    ["of nothing", Buffer.from("hello"), /nowhere in the body/],
    ["with a part without a name", form(part("Content-Disposition: form-data")), /Part 1.*no name/],
    ["with a part that is no field", form(part('Content-Disposition: attachment; name="a"')), /no name/],
    ["with a line that is no header", form(part(`${DATA}name=a\r\nnonsense`)), /line among its headers/],
    [
      "with too many headers",
      form(part(`${DATA}name=a\r\n${"b: c\r\n".repeat(40)}d: e`)),
      /more than 32 headers/,
    ],
    ["with a name too long", form(part(`${DATA}name="${"a".repeat(1_001)}"`)), /more than 1,000 characters/],
  ])("%s", (_, raw, sentence) => {
    expect(readMultipart(raw, "x")).toMatchObject({
      code: "malformed-form",
      sentence: expect.stringMatching(sentence),
    });
  });

  test("of too many parts, or nested too deep", () => {
    expect(readMultipart(form(...Array<Buffer>(5_001).fill(one)), "x")).toMatchObject({
      code: "too-many-parts",
    });
    const deep = part(
      `${DATA}name="a${"[b]".repeat(40)}"\r\nContent-Type: application/json`,
      "[".repeat(30) + "]".repeat(30),
    );
    expect(readMultipart(form(deep), "x")).toMatchObject({ code: "too-deep" });
  });
});

describe("what other programs write and read", () => {
  const name = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
    .filter((n) => !/[[\]\r\n]|%/.test(n) && n.isWellFormed());
  const text = fc.string({ unit: "grapheme", maxLength: 40 }).filter((t) => !/[\r\n]/.test(t));

  test("a form that Node writes comes back as it was", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(name, text, fc.uint8Array({ maxLength: 200 })), {
          selector: ([n]) => n,
          minLength: 1,
          maxLength: 5,
        }),
        async (fields) => {
          const data = new FormData();
          for (const [field, value, bytes] of fields) {
            data.append(field, value);
            data.append(`${field} file`, new File([new Uint8Array(bytes)], "a.bin"));
          }
          const answer = new Response(data);
          const boundary = /boundary=(.*)$/.exec(answer.headers.get("content-type") ?? "")?.[1];
          const read = body(new Uint8Array(await answer.arrayBuffer()), boundary);
          for (const [field, value, bytes] of fields) {
            expect(read[field]).toBe(value);
            expect(read[`${field} file`]).toMatchObject({
              filename: "a.bin",
              base64: Buffer.from(bytes).toString("base64"),
            });
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("another reader finds the same in bytes that are nearly boundaries", async () => {
    const piece = fc.constantFrom("\r\n", "--x", "--", "\r", "\n", "a", "--xy", "-");
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (pieces) => {
        const raw = form(part(`${DATA}name="f"; filename="a"`, pieces.join("")));
        const read = readMultipart(raw, "x");
        if (!read.ok || pieces.join("").includes("--x")) return;
        expect((read.body.f as FileField).base64).toBe((await byBusboy(raw)).toString("base64"));
      }),
      { numRuns: 200 },
    );
  });
});

function byBusboy(raw: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const parser = new Busboy({ headers: { "content-type": "multipart/form-data; boundary=x" } });
    parser.on("file", (_name, stream) => stream.on("data", (chunk: Buffer) => chunks.push(chunk)));
    parser.on("finish", () => resolve(Buffer.concat(chunks)));
    parser.on("error", reject);
    parser.end(raw);
  });
}
