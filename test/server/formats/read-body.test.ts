// Bodies as data: what honest types give, what is plainly something else, and which bytes are text.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readBody } from "../../../server/formats/read-body.ts";

function read(body: string | Uint8Array, type: string) {
  return readBody(typeof body === "string" ? Buffer.from(body) : body, type);
}

describe("a body that is what it is said to be", () => {
  test.each([
    ["nothing", "application/json", "", null],
    ["JSON", "application/json", '{"a":[1,"ü"]}', { a: [1, "ü"] }],
    ["JSON with a parameter nobody writes", "Application/JSON ; v=2", '"only text"', "only text"],
    [
      "JSON with many lists side by side",
      "application/json",
      `[${"[],".repeat(99)}{}]`,
      [...Array(99).fill([]), {}],
    ],
    ["JSON with brackets in a text", "application/json", JSON.stringify("[{".repeat(99)), "[{".repeat(99)],
    ["JSON of a vendor", "application/vnd.api+json", "42", 42],
    ["JSON called a text", "text/json", '{"a":1}', { a: 1 }],
    ["a form", "application/x-www-form-urlencoded", "a=1&b=x+y&a=2", { a: ["1", "2"], b: "x y" }],
    ["text", "text/plain", "hello {{7*7}}", "hello {{7*7}}"],
    ["a number as text", "text/plain", "42", "42"],
    ["a word as text", "text/plain", "true", "true"],
    ["a quoted text", "text/plain", '"quoted"', '"quoted"'],
    ["text that begins like JSON", "text/plain", "[ok] done", "[ok] done"],
    ["a page", "text/html", "<p>hello</p>", "<p>hello</p>"],
    ["XML", "application/xml", "<a>1</a>", { a: "1" }],
    ["a feed", "application/atom+xml; charset=utf-8", "<feed/>", { feed: "" }],
    ["JSON lines", "application/x-ndjson", '{"a":1}\n\n[2]\r\n"x"', [{ a: 1 }, [2], "x"]],
    ["CSV", "text/csv; header=present", "a,b\n1,2", [{ a: "1", b: "2" }]],
    ["MessagePack", "application/msgpack", Buffer.from("81a161c3", "hex"), { a: true }],
  ])("%s", (_, type, body, data) => {
    expect(read(body, type)).toEqual({ ok: true, body: data, notes: [] });
  });
});

describe("a body that plainly is something else", () => {
  const soap = "<soap:Envelope><soap:Body>1</soap:Body></soap:Envelope>";
  const envelope = { "soap:Envelope": { "soap:Body": "1" } };
  test.each([
    ["text/plain", ' {"a":1}', "Said to be text/plain, read as JSON.", { a: 1 }],
    ["text/html; charset=utf-8", '{"a":1}', "Said to be text/html, read as JSON.", { a: 1 }],
    [
      "application/x-www-form-urlencoded",
      '{"a":"1&2"}',
      "Said to be application/x-www-form-urlencoded, read as JSON.",
      { a: "1&2" },
    ],
    ["application/octet-stream", "[1]", "Said to be application/octet-stream, read as JSON.", [1]],
    ["text/csv", '[{"a":1}]', "Said to be text/csv, read as JSON.", [{ a: 1 }]],
    ["application/xml", '{"a":1}', "Said to be application/xml, read as JSON.", { a: 1 }],
    ["application/json", "a=1&b[]=2", "Said to be application/json, read as a form.", { a: "1", b: ["2"] }],
    ["application/json", "<a>1</a>", "Said to be application/json, read as XML.", { a: "1" }],
    [
      "application/json",
      '{"a":1}\n{"a":2}\n',
      "Said to be application/json, read as JSON lines.",
      [{ a: 1 }, { a: 2 }],
    ],
    ["text/plain", '<?xml version="1.0"?><a/>', "Said to be text/plain, read as XML.", { a: "" }],
    ["text/plain", soap, "Said to be text/plain, read as XML.", envelope],
    [
      "application/x-www-form-urlencoded",
      soap,
      "Said to be application/x-www-form-urlencoded, read as XML.",
      envelope,
    ],
    ["application/yaml", "a: 1", "Said to be application/yaml, read as text.", "a: 1"],
    ["", "42", "Came without a content type, read as JSON.", 42],
    ["", "a=1&b=2", "Came without a content type, read as a form.", { a: "1", b: "2" }],
    ["", "hello you", "Came without a content type, read as text.", "hello you"],
    ["", "aGVsbG8=", "Came without a content type, read as text.", "aGVsbG8="],
    ["", "<b>hello</b>", "Came without a content type, read as text.", "<b>hello</b>"],
  ])("said to be “%s”: %s", (type, body, note, data) => {
    expect(read(body, type)).toEqual({ ok: true, body: data, notes: [note] });
  });

  test("a form with files is one, whatever it is called", () => {
    const body = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n';
    for (const type of ["", "application/json", "text/plain", "application/x-www-form-urlencoded"]) {
      expect(read(body, type)).toMatchObject({ ok: true, body: { a: "1" }, notes: [/a form with files/] });
    }
  });
});

describe("a body that is refused", () => {
  test.each([
    ["malformed JSON", "application/json", '{"a":1,}', "malformed-json", /line 1 column 8|position 7/],
    ["JSON that is no form either", "application/json", "hello", "malformed-json", /JSON/],
    ["JSON too deep", "application/json", "[".repeat(65) + "]".repeat(65), "too-deep", /64/],
    ["JSON too deep by turns", "application/json", '{"a":['.repeat(33) + "]}".repeat(33), "too-deep", /64/],
    ["JSON too deep without a type", "", "[".repeat(65) + "]".repeat(65), "too-deep", /64/],
    ["a broken line", "application/x-ndjson", '{}\n{"a":\n', "malformed-json", /^Line 2 of the body/],
    ["broken UTF-8", "application/json", Buffer.of(0x22, 0x61, 0xff, 0x22), "malformed-text", /byte 2/],
    ["a picture", "image/png", "x", "unsupported-type", /“image\/png”.*send JSON/],
    ["bytes", "application/zip", Buffer.of(0x50, 0x4b, 3, 4, 0), "unsupported-type", /application\/zip/],
    ["a PDF", "application/pdf", "%PDF-1.7 text", "unsupported-type", /application\/pdf/],
    ["an unknown character set", "text/plain; charset=klingon", "x", "unsupported-type", /“klingon”/],
    [
      "half a character in UTF-16",
      "text/plain; charset=utf-16le",
      Buffer.of(0x61),
      "malformed-text",
      /utf-16/,
    ],
  ])("%s", (_, type, body, code, sentence) => {
    expect(read(body, type)).toMatchObject({ ok: false, code, sentence: expect.stringMatching(sentence) });
  });
});

describe("a character set", () => {
  const utf16 = Buffer.from('{"a":"ü"}', "utf16le");
  test.each([
    [
      "UTF-8 with its mark",
      "application/json",
      Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), Buffer.from('{"a":"ü"}')]),
    ],
    ["UTF-16 by its mark", "application/json", Buffer.concat([Buffer.of(0xff, 0xfe), utf16])],
    [
      "UTF-16 the other way round",
      "application/json",
      Buffer.concat([Buffer.of(0xfe, 0xff), Buffer.from(utf16).swap16()]),
    ],
    ["UTF-16 as declared", "application/json; charset=utf-16", utf16],
    ["ISO-8859-1", 'application/json; charset="ISO-8859-1"', Buffer.from('{"a":"ü"}', "latin1")],
    ["windows-1252", "text/plain; charset=windows-1252", Buffer.from('{"a":"ü"}', "latin1")],
  ])("%s is read", (_, type, body) => {
    expect(read(body, type)).toMatchObject({ ok: true, body: { a: "ü" } });
  });

  test("that is not UTF-8 is told", () => {
    const euro = Buffer.from([0x80]);
    expect(read(euro, "text/plain; charset=cp1252")).toEqual({
      ok: true,
      body: "€",
      notes: ["Decoded from windows-1252."],
    });
  });

  test("that XML names in its first line counts, unless it cannot be", () => {
    const latin = Buffer.from('<?xml version="1.0" encoding="iso-8859-1"?><a>ü</a>', "latin1");
    expect(read(latin, "text/xml")).toMatchObject({ body: { a: "ü" } });
    expect(read('<?xml version="1.0" encoding="utf-16"?><a>ü</a>', "text/xml")).toMatchObject({
      body: { a: "ü" },
    });
  });
});

const TYPES = [
  "",
  "application/json",
  "text/plain",
  "text/plain; charset=utf-16",
  "application/x-www-form-urlencoded",
  "application/xml",
  "text/csv",
  "application/x-ndjson",
  "application/msgpack",
  "multipart/form-data; boundary=x",
  "multipart/form-data",
  "image/png",
  "application/octet-stream; charset=latin1",
];

describe("any body", () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  const snippets = fc
    .array(
      fc.constantFrom(
        "<a",
        ">",
        "</a>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "a[",
        "]=",
        "&",
        "%5B",
        '"',
        ",",
        "\r\n",
        "--x",
        "--",
        "{",
        "}",
        "[",
        ":",
        "Content-Disposition: form-data; name=a",
        "\u0000",
        "é",
      ),
      { maxLength: 60 },
    )
    .map((parts) => Buffer.from(parts.join("")));

  test("gives data or a sentence, and never throws", () => {
    fc.assert(
      fc.property(
        fc.oneof(bytes, snippets),
        fc.oneof(fc.constantFrom(...TYPES), fc.string()),
        (raw, type) => {
          const got = readBody(raw, type);
          if (got.ok) expect(() => JSON.stringify(got.body)).not.toThrow();
          else expect(got.sentence).toMatch(/\.$/);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test("of JSON comes back as it was", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(read(JSON.stringify(value), "application/json")).toEqual({
          ok: true,
          body: JSON.parse(JSON.stringify(value)),
          notes: [],
        });
      }),
    );
  });

  test("of JSON lines comes back as it was", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 3 }), { minLength: 1 }), (values) => {
        const lines = values.map((value) => JSON.stringify(value));
        expect(read(lines.join("\n"), "application/x-ndjson")).toMatchObject({
          body: lines.map((l) => JSON.parse(l)),
        });
      }),
    );
  });
});
