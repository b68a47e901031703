// Bodies that are made to cost much or to break in: a megabyte each where size is the point, and what is to come of them.

export interface HostileBody {
  name: string;
  contentType: string;
  body: Uint8Array;
  /** The code that it is refused with; null when it is harmless data. */
  code: string | null;
}

const MEGABYTE = 1_000_000;
const FORM = "application/x-www-form-urlencoded";
const XML = "application/xml";
const CSV = "text/csv";
const FILES = "multipart/form-data; boundary=x";
const PACK = "application/msgpack";

function filled(piece: string, chars = MEGABYTE): string {
  return piece.repeat(Math.ceil(chars / piece.length));
}

function numbered(count: number, piece: (i: number) => string, between: string): string {
  return Array.from({ length: count }, (_, i) => piece(i)).join(between);
}

function part(head: string, content: string): string {
  return `--x\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`;
}

/** Heads of lists or maps that all say they hold a million. */
function boastful(head: number): Buffer {
  const body = Buffer.alloc(MEGABYTE);
  for (let at = 0; at + 5 <= MEGABYTE; at += 5) {
    body[at] = head;
    body.writeUInt32BE(MEGABYTE, at + 1);
  }
  return body;
}

/** A list of as many of these bytes as fit. */
function listOf(...item: number[]): Buffer {
  const count = Math.floor((MEGABYTE - 5) / item.length);
  const body = Buffer.alloc(5 + count * item.length);
  body[0] = 0xdd;
  body.writeUInt32BE(count, 1);
  for (let i = 5; i < body.length; i++) body[i] = item[(i - 5) % item.length] ?? 0;
  return body;
}

const LAUGHS = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">${numbered(9, (i) => `<!ENTITY ${"bcdefghij"[i]} "${`&${"abcdefghi"[i]};`.repeat(10)}">`, "")}]><lolz>&j;</lolz>`;
const OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>';

const TABLE: [name: string, contentType: string, body: string | Buffer, code: string | null][] = [
  ["JSON that only opens", "application/json", filled("["), "too-deep"],
  ["JSON of empty lists", "application/json", `[${filled("[],")}[]]`, null],
  ["JSON that is nearly XML", "application/json", `<r>${filled("<a/>")}</r>`, "malformed-json"],
  ["JSON that is nearly lines", "application/json", filled("}\n"), "malformed-json"],
  ["lines without an end", "application/x-ndjson", filled("1\n"), "too-many-parts"],
  ["text that only opens", "text/plain", filled("["), null],
  ["line breaks after a brace", "text/plain", `{}${filled("\n")}x`, null],
  ["a form of names", FORM, filled("a&"), "too-many-parts"],
  ["a form of one deep name", FORM, `a${filled("[a]")}=1`, "too-deep"],
  ["a form of many deep names", FORM, filled(`a${"[a]".repeat(62)}=1&`), null],
  ["a form of deep items", FORM, filled(`a${"[][a]".repeat(30)}=1&`), null],
  ["a form of items", FORM, filled("a[]&", 190_000), null],
  ["a form of more items", FORM, filled("a[]&", 700_000), "too-many-parts"],
  ["a form of brackets", FORM, `a${filled("[")}`, null],
  ["a form of numbers backwards", FORM, numbered(50_000, (i) => `a[${49_999 - i}]=1`, "&"), null],
  ["a billion laughs", XML, LAUGHS, "malformed-xml"],
  ["an entity from outside", XML, OUTSIDE, "malformed-xml"],
  ["a document type after a comment", XML, `<!-- --><?a b?>\n${OUTSIDE}`, "malformed-xml"],
  ["a document type from outside", XML, '<!DOCTYPE a SYSTEM "http://127.0.0.1/x.dtd"><a/>', "malformed-xml"],
  ["XML that only opens", XML, filled("<a>"), "too-many-parts"],
  ["XML 65 deep", XML, "<a>".repeat(65) + "</a>".repeat(65), "too-deep"],
  ["XML 50,000 deep", XML, "<a>".repeat(50_000) + "</a>".repeat(49_999), "malformed-xml"],
  ["XML of elements", XML, `<r>${filled("<a/>")}</r>`, "too-many-parts"],
  ["XML 40,000 deep to its end", XML, "<a>".repeat(40_000) + "</a>".repeat(40_000), "too-deep"],
  ["XML of attributes", XML, `<r>${'<a b="" c="" d="" e="" f=""/>'.repeat(5_000)}</r>`, "too-many-parts"],
  [
    "XML of attributes in one tag",
    XML,
    `<r ${numbered(80_000, (i) => `a${i}="1"`, " ")}/>`,
    "too-many-parts",
  ],
  ["XML of one endless tag", XML, `<r ${filled("a ")}`, "too-many-parts"],
  ["XML of ampersands", XML, `<r>${filled("&amp;")}</r>`, null],
  ["XML of comments that do not end", XML, `<r>${filled("<!--", 390_000)}`, "malformed-xml"],
  ["XML of blanks", XML, `<r>${filled(" ")}x</r>`, null],
  ["CSV of names and rows", CSV, `${filled("a,", 20_000)}\n${filled("1\n", 300_000)}`, "too-many-parts"],
  ["CSV of one wide row", CSV, `a\n${filled("1,")}`, "too-many-parts"],
  ["CSV of the same name", CSV, `${filled("a,", 390_000)}`, null],
  ["CSV of a quote that does not end", CSV, `a\n"${filled('""')}`, "malformed-csv"],
  ["CSV of lines", CSV, filled("1\r"), "too-many-parts"],
  ["files without an end", FILES, part('name="a"; filename="b"', filled("x")), "malformed-form"],
  ["parts without an end", FILES, filled(part('name="a"', "")), "too-many-parts"],
  ["a part of nearly boundaries", FILES, part('name="a"', filled("\r\n--xy")), "malformed-form"],
  ["headers without an end", FILES, `--x\r\n${filled("a: b\r\n")}`, "malformed-form"],
  ["a header of half quotes", FILES, `${part(`name="a"${';b="'.repeat(3_900)}`, "1")}--x--`, null],
  ["MessagePack of lists that boast", PACK, boastful(0xdd), "too-deep"],
  ["MessagePack of maps that boast", PACK, boastful(0xdf), "malformed-messagepack"],
  ["MessagePack of one deep list", PACK, Buffer.alloc(MEGABYTE, 0x91), "too-deep"],
  ["MessagePack of empty maps", PACK, listOf(0x80), "too-many-parts"],
  ["MessagePack of short texts", PACK, listOf(0xa1, 0x61), null],
  ["MessagePack of extensions", PACK, listOf(0xd4, 1, 0), null],
];

export const HOSTILE_BODIES: HostileBody[] = TABLE.map(([name, contentType, body, code]) => ({
  name,
  contentType,
  body: typeof body === "string" ? Buffer.from(body) : body,
  code,
}));
