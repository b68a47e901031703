// From the elements of XML in their order to data by name.

/** As the parser gives them: one key is the element's name, or `#text`, or `#cdata`; `:@` are its attributes, each with an `@` before its name. */
type XmlNode = Record<string, unknown>;

/** Undefined when there is not exactly one outermost element. */
export function dataOfXml(nodes: unknown): Record<string, unknown> | undefined {
  const outermost = nodesOf(nodes).filter((node) => !isText(nameOf(node)));
  const [root] = outermost;
  if (!root || outermost.length > 1) return undefined;
  return Object.fromEntries([[nameOf(root), elementOf(root)]]);
}

function elementOf(node: XmlNode): unknown {
  const children = nodesOf(node[nameOf(node)]);
  const text = textOf(children);
  const found = new Map<string, unknown>();
  for (const [name, value] of Object.entries(node[":@"] ?? {})) {
    found.set(name, withCharacters(String(value)));
  }
  addElements(found, children);
  if (found.size === 0) return text;
  if (text !== "") found.set("#text", text);
  return Object.fromEntries(found);
}

function addElements(found: Map<string, unknown>, children: XmlNode[]): void {
  const lists = new Set<string>();
  for (const child of children) {
    const name = nameOf(child);
    if (isText(name)) continue;
    const value = elementOf(child);
    const before = found.get(name);
    if (lists.has(name) && Array.isArray(before)) before.push(value);
    else if (found.has(name)) {
      lists.add(name);
      found.set(name, [before, value]);
    } else found.set(name, value);
  }
}

/** The blanks around text are there for the eye; those in CDATA are meant. */
function textOf(children: XmlNode[]): string {
  const pieces: string[] = [];
  let isExact = false;
  for (const child of children) {
    const name = nameOf(child);
    if (name === "#text") pieces.push(withCharacters(String(child[name])));
    if (name !== "#cdata") continue;
    isExact = true;
    for (const piece of nodesOf(child[name])) pieces.push(String(piece["#text"] ?? ""));
  }
  return isExact ? pieces.filter((piece) => piece.trim() !== "").join("") : pieces.join("").trim();
}

const NAMED: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** The five names that XML has by itself, and characters by number. What is neither stays as it was written. */
function withCharacters(text: string): string {
  if (!text.includes("&")) return text;
  return text.replaceAll(/&(lt|gt|amp|quot|apos|#\d{1,7}|#x[\da-f]{1,6});/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return NAMED[name] ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return isCharacter ? String.fromCodePoint(code) : whole;
  });
}

function nameOf(node: XmlNode): string {
  for (const key in node) if (key !== ":@") return key;
  return "#text";
}

function isText(name: string): boolean {
  return name === "#text" || name === "#cdata";
}

function nodesOf(value: unknown): XmlNode[] {
  return Array.isArray(value) ? value : [];
}
