// Reads the YAML that the files of deployment are written in, and refuses any other: blocks by indentation, scalars on
// one line, lists in brackets as JSON, anchors of maps with `<<`, several documents. What PyYAML or Go read in these
// files is the same.

export type Yaml = string | number | boolean | null | Yaml[] | { [key: string]: Yaml };

interface Line {
  indent: number;
  text: string;
  /** As an editor counts. */
  number: number;
}

/** The documents of the text. Throws with the number of the line that it cannot read. */
export function readYaml(text: string): Yaml[] {
  return documentsOf(text).map((lines) => {
    const anchors = new Map<string, Yaml>();
    const rest = [...lines];
    const value = readBlock(rest, 0, anchors);
    if (rest[0]) throw wrong(rest[0], "is indented as nothing before it");
    return value;
  });
}

function documentsOf(text: string): Line[][] {
  const documents: Line[][] = [[]];
  for (const [index, raw] of text.split("\n").entries()) {
    if (raw === "---") {
      documents.push([]);
      continue;
    }
    const bare = withoutComment(raw);
    if (bare === "") continue;
    const line = { indent: bare.search(/\S/), text: bare.trim(), number: index + 1 };
    if (bare.includes("\t")) throw wrong(line, "has a tab");
    documents.at(-1)?.push(line);
  }
  return documents.filter((lines) => lines.length > 0);
}

/** A `#` begins a comment after a blank, and not between quotes, which open where a value may begin. */
function withoutComment(raw: string): string {
  let quote = "";
  for (let i = 0; i < raw.length; i++) {
    const sign = raw.charAt(i);
    if (quote) {
      if (sign === "\\") i++;
      else if (sign === quote) quote = "";
    } else if (sign === '"' && /(^|[\s[,])$/.test(raw.slice(0, i))) quote = sign;
    else if (sign === "#" && /(^|\s)$/.test(raw.slice(0, i))) return raw.slice(0, i).trimEnd();
  }
  return raw.trimEnd();
}

/** The block whose lines are indented by `least` or more; takes them off `rest`. */
function readBlock(rest: Line[], least: number, anchors: Map<string, Yaml>): Yaml {
  const first = rest[0];
  if (!first || first.indent < least) return null;
  return /^- |^-$/.test(first.text)
    ? readList(rest, first.indent, anchors)
    : readMap(rest, first.indent, anchors);
}

function readList(rest: Line[], indent: number, anchors: Map<string, Yaml>): Yaml[] {
  const list: Yaml[] = [];
  for (let line = rest[0]; line?.indent === indent && line.text.startsWith("- "); line = rest[0]) {
    const text = line.text.slice(2).trimStart();
    const inner = { ...line, indent: indent + line.text.length - text.length, text };
    if (KEY.test(text)) {
      rest[0] = inner;
      list.push(readMap(rest, inner.indent, anchors));
    } else {
      rest.shift();
      list.push(readScalar(inner, text, anchors));
    }
  }
  return list;
}

const KEY = /^("[^"]+"|[^\s"'[{&*!|>%@`-][^\s:]*|<<):(?:\s+(.*))?$/;

function readMap(rest: Line[], indent: number, anchors: Map<string, Yaml>): Yaml {
  const own = new Map<string, Yaml>();
  const inherited = new Map<string, Yaml>();
  for (let line = rest[0]; line?.indent === indent; line = rest[0]) {
    const [, quoted, after = ""] = KEY.exec(line.text) ?? [];
    if (quoted === undefined) throw wrong(line, "is no key with a colon");
    rest.shift();
    const key = quoted.replaceAll('"', "");
    const [, anchor, text = ""] = /^(?:&(\S+)\s*)?(.*)$/.exec(after) ?? [];
    const value = text === "" ? readBlock(rest, indent + 1, anchors) : readScalar(line, text, anchors);
    if (anchor) anchors.set(anchor, value);
    if (own.has(key)) throw wrong(line, "has a key for the second time");
    if (key !== "<<") own.set(key, value);
    else if (isMap(value)) for (const pair of Object.entries(value)) inherited.set(...pair);
    else throw wrong(line, "merges something that is no map");
  }
  return Object.fromEntries([...inherited, ...own]);
}

function readScalar(line: Line, text: string, anchors: Map<string, Yaml>): Yaml {
  if (text.startsWith("*")) {
    const value = anchors.get(text.slice(1));
    if (value === undefined) throw wrong(line, "names an anchor that is not there");
    return value;
  }
  if (/^["[{]/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      throw wrong(line, "has quotes or brackets that are no JSON");
    }
  }
  if (/^[&!|>'%@`]/.test(text) || text.includes(": ")) throw wrong(line, "uses YAML that is not read here");
  if (text === "true" || text === "false") return text === "true";
  if (text === "null" || text === "~") return null;
  // what some readers take for a yes, a no or a number, and others do not
  if (/^(yes|no|on|off|y|n)$/i.test(text) || /^0\d+$|^\d+(:\d+)+$/.test(text))
    throw wrong(line, "needs quotes");
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

export function isMap(value: Yaml | undefined): value is { [key: string]: Yaml } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(line: Line, why: string): Error {
  return new Error(`Line ${line.number} ${why}: ${line.text}`);
}
