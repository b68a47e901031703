// Searching and stripping text in one pass: time grows with the text, whatever the text is made to be.

/**
 * Where `needle` stands in `text`, without overlaps. Long needles are searched with a table of their own prefixes
 * (Knuth, Morris, Pratt), because the built-in search takes quadratic time on texts made to hurt it.
 */
export function findAll(text: string, needle: string, most = Number.POSITIVE_INFINITY): number[] {
  const found: number[] = [];
  if (needle === "" || needle.length > text.length) return found;
  if (needle.length <= 100) {
    for (let at = text.indexOf(needle); at !== -1 && found.length < most; ) {
      found.push(at);
      at = text.indexOf(needle, at + needle.length);
    }
    return found;
  }
  const table = prefixTable(needle);
  for (let at = 0, matched = 0; at < text.length && found.length < most; at++) {
    const char = text.charCodeAt(at);
    while (matched > 0 && needle.charCodeAt(matched) !== char) matched = table[matched - 1] ?? 0;
    if (needle.charCodeAt(matched) === char) matched++;
    if (matched === needle.length) {
      found.push(at - needle.length + 1);
      matched = 0;
    }
  }
  return found;
}

/** For each length of a beginning of `needle`, the length of the longest beginning that also ends there. */
function prefixTable(needle: string): Int32Array {
  const table = new Int32Array(needle.length);
  for (let at = 1, matched = 0; at < needle.length; at++) {
    const char = needle.charCodeAt(at);
    while (matched > 0 && needle.charCodeAt(matched) !== char) matched = table[matched - 1] ?? 0;
    if (needle.charCodeAt(matched) === char) matched++;
    table[at] = matched;
  }
  return table;
}

/** The pieces between every `needle`. */
export function splitText(text: string, needle: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (const at of findAll(text, needle)) {
    pieces.push(text.slice(from, at));
    from = at + needle.length;
  }
  pieces.push(text.slice(from));
  return pieces;
}

/** The number of characters as people count them: an emoji of one code point is one. */
export function countChars(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length - 1; at++) if (isPair(text, at)) count--;
  return count;
}

/** The first `count` characters, never half of one. */
export function takeChars(text: string, count: number): string {
  let at = 0;
  for (let taken = 0; taken < count && at < text.length; taken++) at += isPair(text, at) ? 2 : 1;
  return text.slice(0, at);
}

function isPair(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
}

/** The text of an HTML document: no tags, comments, scripts or styles; a line for each block; entities as characters. */
export function stripHtml(html: string): string {
  const out: string[] = [];
  let onNewLine = true;
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    if (open === -1) break;
    addText(html.slice(at, open));
    if (html.startsWith("<!--", open)) {
      at = endOf(html, "-->", open + 4);
      continue;
    }
    TAG.lastIndex = open;
    const tag = TAG.exec(html)?.[1]?.toLowerCase();
    if (tag === undefined) {
      addText("<");
      at = open + 1;
      continue;
    }
    if (tag === "br" || tag === "p" || (LINE_TAGS.has(tag) && !onNewLine)) {
      out.push("\n");
      onNewLine = true;
    }
    at = endOf(html, ">", open);
    if (tag === "script" || tag === "style") at = endOfElement(html, tag, at);
  }
  addText(html.slice(at));
  const lines = decodeEntities(out.join("")).split("\n");
  return lines
    .map((line) => line.trim())
    .filter((line, index, all) => line !== "" || all[index - 1] !== "")
    .join("\n")
    .trim();

  function addText(text: string): void {
    out.push(text);
    if (text.trim() !== "") onNewLine = false;
  }
}

/** The start of a tag, or of a declaration such as `<!doctype`. */
const TAG = /<\/?([a-zA-Z][a-zA-Z0-9]{0,20}|[!?])/y;
const LINE_TAGS = new Set(
  "div li ul ol tr table h1 h2 h3 h4 h5 h6 blockquote pre hr section article header footer".split(" "),
);

function endOf(html: string, close: string, from: number): number {
  const at = html.indexOf(close, from);
  return at === -1 ? html.length : at + close.length;
}

function endOfElement(html: string, tag: string, from: number): number {
  const close = tag === "script" ? /<\/script[^>]*>?/gi : /<\/style[^>]*>?/gi;
  close.lastIndex = from;
  return close.exec(html) === null ? html.length : close.lastIndex;
}

const ENTITIES = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", " "],
  ["copy", "©"],
  ["euro", "€"],
  ["hellip", "…"],
  ["mdash", "—"],
  ["ndash", "–"],
]);

function decodeEntities(text: string): string {
  return text.replace(/&(#[xX][0-9a-fA-F]{1,6}|#\d{1,7}|[a-z]{2,6});/g, (whole, name: string) => {
    if (!name.startsWith("#")) return ENTITIES.get(name) ?? whole;
    const hex = name[1] === "x" || name[1] === "X";
    const code = Number.parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code).toWellFormed() : whole;
  });
}
