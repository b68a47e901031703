// Bodies that senders send by mistake or out of malice, with what a catch URL answers to each.

import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";

/** The usual limit of a body. */
export const MOST_BODY = 10 * 1024 * 1024;

export interface BadPayload {
  name: string;
  /** POST unless it says otherwise. */
  method?: string;
  /** Behind the path: a query, or more of the path. */
  suffix?: string;
  headers: readonly string[];
  body: string | Uint8Array;
  /** Content-Length is the body's own unless it is said here; null leaves it out. */
  length?: string | null;
  /** The sender goes away behind the body. */
  end?: true;
  status: number;
  /** Of the problem that it is refused with. */
  code?: string;
  /** What must be stored, where that is not the body as it was sent. */
  stored?: string | Uint8Array;
}

export function badBodies(): BadPayload[] {
  return [...malformedJson(), ...oddJson(), ...depths(), ...texts(), ...forms(), ...foreign(), ...packed()];
}

const JSON_TYPE = "Content-Type: application/json";
const FORM_TYPE = "Content-Type: application/x-www-form-urlencoded";

function malformedJson(): BadPayload[] {
  const bodies: Record<string, string> = {
    "cut off in an object": '{"a":1',
    "cut off behind a colon": '{"a":',
    "cut off in a list": "[1,2",
    "cut off in a text": '"abc',
    "cut off in a word": "tru",
    "cut off in an escape": '"\\u12',
    "one bracket": "{",
    "only closing brackets": "]".repeat(100_000),
    "a comma too many in an object": '{"a":1,}',
    "a comma too many in a list": "[1,]",
    "single quotes": "{'a':1}",
    "a name without quotes": "{a:1}",
    "a leading zero": "01",
    "a plus": "+1",
    "a number in hex": "0x10",
    NaN: "NaN",
    Infinity: "-Infinity",
    "an unknown escape": '"\\q"',
    "a raw control character": '"a\u0001b"',
    "a raw NUL": '"a\u0000b"',
    "a comment": "// one\n1",
    "two values": '{"a":1}{"b":2}',
    "only spaces": "   ",
    "only a line break": "\r\n",
    "only a NUL": "\u0000",
    "a non-breaking space in front": "\u00a01",
    "two byte order marks": "\ufeff\ufeff1",
    "UTF-7 for a bracket": "+AHs-",
    "UTF-16 without a mark": Buffer.from('{"a":1}', "utf16le").toString("latin1"),
    "a million commas": ",".repeat(1_000_000),
  };
  return Object.entries(bodies).map(([name, body]) => ({
    name: `malformed JSON: ${name}`,
    headers: [JSON_TYPE],
    body,
    status: 400,
    code: "malformed-json",
  }));
}

function oddJson(): BadPayload[] {
  const many = 100_000;
  const keys = (name: (i: number) => string) =>
    `{${Array.from({ length: many }, (_, i) => `"${name(i)}":${i}`).join()}}`;
  const bodies: Record<string, string> = {
    "the same name twice": '{"a":1,"a":2}',
    "the same name 100,000 times": keys(() => "a"),
    "100,000 names": keys((i) => `k${i}`),
    "100,000 names that are numbers": keys((i) => String(i * 7_919)),
    "100,000 names that are numbers beyond 32 bits": keys((i) => String(4_294_967_296 + i)),
    __proto__: '{"__proto__":{"admin":true},"a":{"__proto__":{"__proto__":null}}}',
    "constructor.prototype": '{"constructor":{"prototype":{"admin":true}}}',
    "names of every object": '{"toString":1,"hasOwnProperty":1,"valueOf":null,"toJSON":1,"then":{"then":1}}',
    "an empty name": '{"":{"":0}}',
    "lone surrogates": '{"a":"\\ud800","\\udfff":"x\\ud83d"}',
    "an escaped NUL": '{"a\\u0000b":"\\u0000"}',
    "a byte order mark": '\ufeff{"a":1}',
    "1e400": '{"a":1e400,"b":-1e400,"c":1e-400}',
    "minus zero": "[-0,-0.0,0e5]",
    "a number beyond 53 bits": '{"id":9007199254740993}',
    "a number of 100,000 digits": "9".repeat(many),
    "a fraction of 100,000 digits": `0.${"3".repeat(many)}`,
    "a value alone": "null",
    "a text alone": '"x"',
    "a million spaces": `${" ".repeat(1_000_000)}1`,
    "a list of 500,000": `[${Array.from({ length: 500_000 }, () => "0").join()}]`,
    "200,000 empty objects": `[${Array.from({ length: 200_000 }, () => "{}").join()}]`,
    "a text of 1 MB in escapes": `"${"\\u0041".repeat(170_000)}"`,
    "template marks": '{"a":"{{trigger.body.a}}","b":"{{ now | date }}"}',
    "line separators": '{"a":"\u2028\u2029"}',
    "lines of it, though it is said to be one": '{"a":1}\n{"b":2}\n',
  };
  return Object.entries(bodies).map(([name, body]) => ({
    name: `JSON: ${name}`,
    headers: [JSON_TYPE],
    body,
    status: 202,
  }));
}

function depths(): BadPayload[] {
  const lists = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
  const deep = { headers: [JSON_TYPE], status: 400, code: "too-deep" };
  return [
    { name: "64 lists deep", headers: [JSON_TYPE], body: lists(64), status: 202 },
    { name: "64 objects deep", headers: [JSON_TYPE], body: objects(64), status: 202 },
    { name: "65 lists deep", ...deep, body: lists(65) },
    { name: "65 objects deep", ...deep, body: objects(65) },
    { name: "10,000 lists deep", ...deep, body: lists(10_000) },
    { name: "100,000 lists deep", ...deep, body: lists(100_000) },
    { name: "100,000 objects deep", ...deep, body: objects(100_000) },
    { name: "5 million lists that never close", ...deep, body: "[".repeat(5_000_000) },
    { name: "100,000 lists deep, and no type", ...deep, headers: [], body: lists(100_000) },
    { name: "brackets in a text", headers: [JSON_TYPE], body: `"${"[".repeat(1_000)}"`, status: 202 },
  ];
}

function texts(): BadPayload[] {
  const bad: Record<string, string> = {
    "a byte that is never in UTF-8": "2261ff22",
    "an overlong NUL": "22c08022",
    "an overlong slash": "22e080af22",
    "a surrogate": "22eda08022",
    "beyond Unicode": "22f490808022",
    "a sequence of five bytes": "22f88880808022",
    "cut off in a character": "22e282",
    "Latin-1": "22fc22",
  };
  const marked = {
    "UTF-16 with a mark": "fffe7b007d00",
    "UTF-16 with a mark, big end first": "feff007b007d",
  };
  const CODES: Record<number, object> = {
    400: { code: "malformed-text" },
    415: { code: "unsupported-type" },
  };
  const charset = (name: string, status: number): BadPayload => ({
    name: `charset=${name}`,
    headers: [`${JSON_TYPE}; charset=${name}`],
    body: '{"a":1}',
    status,
    ...CODES[status],
  });
  return [
    ...Object.entries(bad).map(([name, hex]) => ({
      name: `not UTF-8: ${name}`,
      headers: [JSON_TYPE],
      body: Buffer.from(hex, "hex"),
      status: 400,
      code: "malformed-text",
    })),
    ...Object.entries(marked).map(([name, hex]) => ({
      name,
      headers: [JSON_TYPE],
      body: Buffer.from(hex, "hex"),
      status: 202,
    })),
    {
      name: "UTF-32 with a mark",
      headers: [JSON_TYPE],
      body: Buffer.from("fffe00007b0000007d000000", "hex"),
      status: 400,
      code: "malformed-json",
    },
    ...["utf-7", "utf-32", "☃", "x".repeat(4_000)].map((name) => charset(name, 415)),
    // known, and not what the body is
    ...["utf-16", "utf-16le"].map((name) => charset(name, 400)),
    ...["utf-8", '"UTF-8"', "utf8", "us-ascii", "iso-8859-1"].map((name) => charset(name, 202)),
    {
      name: "text of one bad byte",
      headers: ["Content-Type: text/plain"],
      body: Buffer.from([0xff]),
      ...BAD_TEXT,
    },
    { name: "no type and one bad byte", headers: [], body: Buffer.from([0xff]), ...BAD_TEXT },
    { name: "10 MB of which the last byte is bad", headers: [JSON_TYPE], body: lastBad(), ...BAD_TEXT },
    { name: "no type and no JSON", headers: [], body: "{not json", status: 202 },
    { name: "text with NUL", headers: ["Content-Type: text/plain"], body: "a\u0000b", status: 202 },
    { name: "nothing at all", headers: [JSON_TYPE], body: "", status: 202 },
    { name: "nothing at all, and no type", headers: [], body: "", status: 202 },
  ];
}

const BAD_TEXT = { status: 400, code: "malformed-text" };

function lastBad(): Buffer {
  const bytes = Buffer.alloc(MOST_BODY, "x");
  bytes[bytes.length - 1] = 0xff;
  return bytes;
}

function forms(): BadPayload[] {
  const bodies: Record<string, string> = {
    __proto__: "__proto__=1&__proto__[admin]=1&constructor.prototype.admin=1",
    "the same name 40,000 times": "a=1&".repeat(40_000),
    "40,000 names": Array.from({ length: 40_000 }, (_, i) => `k${i}=1`).join("&"),
    "broken percents": "%=%&%zz=%u0041&%f",
    "percents that are not UTF-8": "a=%ff%fe&%c0%80=1",
    "an escaped NUL": "a%00b=%00",
    "only =": "=",
    "a name of 1 MB": `${"n".repeat(1_000_000)}=1`,
  };
  const refused: Record<string, [body: string, code: string]> = {
    "100 brackets deep": [`a${"[b]".repeat(100)}=1`, "too-deep"],
    "100,000 names": [Array.from({ length: 100_000 }, (_, i) => `k${i}=1`).join("&"), "too-many-parts"],
    "the same name 200,000 times": ["a=1&".repeat(200_000), "too-many-parts"],
    "a million ampersands": ["&".repeat(1_000_000), "too-many-parts"],
  };
  const about = (name: string, body: string) => ({ name: `form: ${name}`, headers: [FORM_TYPE], body });
  return [
    ...Object.entries(bodies).map(([name, body]) => ({ ...about(name, body), status: 202 })),
    ...Object.entries(refused).map(([name, [body, code]]) => ({ ...about(name, body), status: 400, code })),
  ];
}

function foreign(): BadPayload[] {
  const part = (head: string, text: string) =>
    `--x\r\nContent-Disposition: form-data; ${head}\r\n\r\n${text}\r\n`;
  const multipart = "Content-Type: multipart/form-data; boundary=x";
  const laughs = `<!DOCTYPE l [<!ENTITY a "lol">${"bcdefghi".replace(/./g, (c, i: number) => `<!ENTITY ${c} "${`&${"abcdefgh"[i]};`.repeat(10)}">`)}]><l>&i;</l>`;
  const outside = `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>`;
  const malformed: Record<string, [type: string, body: string, code: string]> = {
    "multipart without an end": [multipart, part('name="a"', "1"), "malformed-form"],
    "multipart without a boundary": [
      "Content-Type: multipart/form-data",
      part('name="a"', "1"),
      "malformed-form",
    ],
    "multipart of 10,000 parts": [
      multipart,
      `${part('name="a"', "1").repeat(10_000)}--x--\r\n`,
      "too-many-parts",
    ],
    "XML: a billion laughs": ["Content-Type: application/xml", laughs, "malformed-xml"],
    "XML: an outside entity": ["Content-Type: application/xml", outside, "malformed-xml"],
    "XML as text: a billion laughs": ["Content-Type: text/xml", laughs, "malformed-xml"],
    "XML as text: an outside entity": ["Content-Type: text/xml", outside, "malformed-xml"],
  };
  const refused: Record<string, [type: string, body: string | Uint8Array]> = {
    "an image": ["Content-Type: image/png", Buffer.from("89504e470d0a1a0a", "hex")],
    bytes: ["Content-Type: application/octet-stream", Buffer.from([0, 255])],
  };
  const kept: Record<string, [type: string, body: string]> = {
    "multipart with a file name that climbs": [
      multipart,
      `${part('name="f"; filename="../../../etc/passwd"', "x")}--x--\r\n`,
    ],
    "entities that are only text": ["Content-Type: text/plain", laughs],
    "a type that is none": ["Content-Type: ☃/☃", "{}"],
    "two types": ["Content-Type: application/json, text/plain", "{}"],
    "a page with a script": ["Content-Type: text/html", "<script>alert(1)</script>"],
    "JSON by another name": ["Content-Type: application/vnd.api+json", "{}"],
    "JSON in capitals": ["CONTENT-TYPE: APPLICATION/JSON;;; CHARSET=UTF-8;", "{}"],
  };
  return [
    ...Object.entries(malformed).map(([name, [type, body, code]]) => ({
      name,
      headers: [type],
      body,
      status: 400,
      code,
    })),
    ...Object.entries(refused).map(([name, [type, body]]) => ({
      name,
      headers: [type],
      body,
      status: 415,
      code: "unsupported-type",
    })),
    ...Object.entries(kept).map(([name, [type, body]]) => ({ name, headers: [type], body, status: 202 })),
  ];
}

function packed(): BadPayload[] {
  const plain = '{"a":1}';
  const bomb = Buffer.alloc(200 * 1024 * 1024);
  const one = (
    name: string,
    encoding: string,
    body: Uint8Array,
    status: number,
    code?: string,
  ): BadPayload => ({
    name: `${encoding}: ${name}`,
    headers: [JSON_TYPE, `Content-Encoding: ${encoding}`],
    body,
    status,
    stored: plain,
    ...(code === undefined ? {} : { code }),
  });
  const gzip = gzipSync(plain);
  return [
    one("as it should be", "gzip", gzip, 202),
    one("as it should be", "br", brotliCompressSync(plain), 202),
    one("as it should be", "deflate", deflateSync(plain), 202),
    one("without its two bytes", "deflate", deflateRawSync(plain), 202),
    one("not packed at all", "identity", Buffer.from(plain), 202),
    one("200 MB of nothing", "gzip", gzipSync(bomb), 413, "too-large"),
    one("200 MB of nothing", "br", brotliCompressSync(bomb), 413, "too-large"),
    one("200 MB of nothing", "deflate", deflateSync(bomb), 413, "too-large"),
    one("one byte over the limit", "gzip", gzipSync(Buffer.alloc(MOST_BODY + 1, " ")), 413, "too-large"),
    one("packed twice", "gzip, gzip", gzipSync(gzip), 415, "unsupported-encoding"),
    one("packed twice, said once", "gzip", gzipSync(gzip), 400, "malformed-text"),
    one("unknown here", "zstd", zstdCompressSync(plain), 415, "unsupported-encoding"),
    one("nonsense", "☃", gzip, 415, "unsupported-encoding"),
    one("cut off", "gzip", gzip.subarray(0, -10), 400, "malformed-encoding"),
    one(
      "a wrong sum",
      "gzip",
      Buffer.concat([gzip.subarray(0, -8), Buffer.alloc(8)]),
      400,
      "malformed-encoding",
    ),
    one("not packed at all", "gzip", Buffer.from(plain), 400, "malformed-encoding"),
    one("not packed at all", "br", Buffer.from(plain), 400, "malformed-encoding"),
    one("not packed at all", "deflate", Buffer.from(plain), 400, "malformed-encoding"),
    one("of which 10,000 hold nothing", "gzip", emptyMembers(gzip), 202),
  ];
}

/** A file of gzip may be many of them, one behind the other. */
function emptyMembers(last: Uint8Array): Buffer {
  const empty = gzipSync("");
  return Buffer.concat([...Array.from({ length: 10_000 }, () => empty), last]);
}
