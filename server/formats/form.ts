// Forms as data: names such as `order[items][][sku]` nest, the way PHP, Rails and others write and read them.

import { collectPairs, MAX_DEPTH } from "../../shared/event.ts";

export type ReadForm =
  | { ok: true; body: Record<string, unknown> }
  | { ok: false; code: "too-deep" | "too-many-parts"; sentence: string };

const MAX_PAIRS = 50_000;
/** Names in brackets make a place each, which costs more than a value in a list. */
const MAX_NESTED = 50_000;

export function readForm(text: string): ReadForm {
  if (moreThan(text, "&", MAX_PAIRS)) {
    return tooMany(`${MAX_PAIRS.toLocaleString("en")} values`);
  }
  const pairs = new URLSearchParams(text);
  // Whoever writes no brackets gets the names as they are.
  const nests = text.includes("[") || /%5b/i.test(text);
  return nests ? nestPairs(pairs) : { ok: true, body: collectPairs(pairs) };
}

/** Does a character come more often than that? */
export function moreThan(text: string, character: string, limit: number): boolean {
  let count = 0;
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) {
    if (++count > limit) return true;
  }
  return false;
}

/**
 * Pairs to data. `a[b]=1` is an object, `a[]=1` a list, and `a[0]=…&a[1]=…` too when no number is left out;
 * `a[][b]=1&a[][c]=2&a[][b]=3` is two objects, as a name that is there already begins the next one. A name that comes
 * more than once becomes a list, and one whose brackets do not match stays as it is. Every name is data, `__proto__`
 * too.
 */
export function nestPairs(pairs: Iterable<[string, unknown]>): ReadForm {
  const root = emptyPlace();
  let nested = 0;
  for (const [name, value] of pairs) {
    const keys = keysOf(name);
    if (keys.length > 1 && ++nested > MAX_NESTED) {
      return tooMany(`${MAX_NESTED.toLocaleString("en")} values with names in brackets`);
    }
    // The form itself is a level, and a name that comes twice makes one more.
    if (keys.length + 1 > MAX_DEPTH) {
      const sentence = `A name of the form is nested more than ${MAX_DEPTH} levels deep.`;
      return { ok: false, code: "too-deep", sentence };
    }
    placeOf(root, keys).values.push(value);
  }
  return {
    ok: true,
    body: Object.fromEntries([...(root.named ?? [])].map(([name, place]) => [name, dataOf(place)])),
  };
}

function tooMany(what: string): ReadForm {
  return { ok: false, code: "too-many-parts", sentence: `The form has more than ${what}.` };
}

/** What came under a name: values, places by name, and places without one. */
interface Place {
  values: unknown[];
  named?: Map<string, Place>;
  items?: Place[];
}

function emptyPlace(): Place {
  return { values: [] };
}

/** `a[b][]` → a, b and an empty one. Reads no further than is needed to see that it is too deep. */
function keysOf(name: string): string[] {
  const open = name.indexOf("[");
  if (open <= 0) return [name];
  const keys = [name.slice(0, open)];
  for (let at = open; at < name.length; ) {
    const close = name.indexOf("]", at);
    if (name[at] !== "[" || close === -1) return [name];
    const key = name.slice(at + 1, close);
    if (key.includes("[")) return [name];
    keys.push(key);
    if (keys.length > MAX_DEPTH) return keys;
    at = close + 1;
  }
  return keys;
}

function placeOf(root: Place, keys: string[]): Place {
  let place = root;
  for (const [i, key] of keys.entries()) {
    place = key === "" && i > 0 ? itemOf(place, keys.slice(i + 1)) : namedOf(place, key);
  }
  return place;
}

function namedOf(place: Place, key: string): Place {
  const there = place.named?.get(key);
  if (there) return there;
  const made = emptyPlace();
  place.named ??= new Map();
  place.named.set(key, made);
  return made;
}

/** The last item goes on as long as it lacks the name; else the next one begins. */
function itemOf(place: Place, rest: string[]): Place {
  place.items ??= [];
  const last = place.items.at(-1);
  if (last && rest.length > 0 && rest[0] !== "" && !has(last, rest)) return last;
  const made = emptyPlace();
  place.items.push(made);
  return made;
}

function has(place: Place, keys: string[]): boolean {
  let at: Place | undefined = place;
  for (const key of keys) {
    if (key === "") return false;
    at = at.named?.get(key);
    if (!at) return false;
  }
  return true;
}

function dataOf(place: Place): unknown {
  const { values, named, items } = place;
  const inside = named || items ? insideOf(named ?? new Map(), items ?? []) : undefined;
  if (inside === undefined) return values.length === 1 ? values[0] : values;
  return values.length === 0 ? inside : [...values, inside];
}

function insideOf(named: Map<string, Place>, items: Place[]): unknown {
  if (named.size === 0) return items.map(dataOf);
  const entries = [...named].map(([key, place]): [string, unknown] => [key, dataOf(place)]);
  if (items.length === 0 && entries.every(([key]) => isIndex(key, entries.length))) {
    const list: unknown[] = [];
    for (const [key, value] of entries) list[Number(key)] = value;
    return list;
  }
  let next = 0;
  for (const item of items) {
    while (named.has(String(next))) next++;
    entries.push([String(next++), dataOf(item)]);
  }
  return Object.fromEntries(entries);
}

function isIndex(key: string, length: number): boolean {
  return /^(0|[1-9]\d{0,8})$/.test(key) && Number(key) < length;
}
