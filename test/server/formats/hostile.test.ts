// Bodies that are made to cost much or to break in: each is refused with its reason, or is harmless data.

import { afterEach, expect, test } from "vitest";
import { readBody } from "../../../server/formats/read-body.ts";
import { MAX_DEPTH } from "../../../shared/event.ts";
import { HOSTILE_BODIES } from "../../kit/hostile-bodies.ts";

afterEach(() => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test.each(HOSTILE_BODIES)("$name", ({ contentType, body, code }) => {
  const read = readBody(body, contentType);
  expect(read.ok ? null : read.code).toBe(code);
  if (read.ok) expect(levelsOf(read.body)).toBeLessThanOrEqual(MAX_DEPTH);
  else expect(read.sentence.length).toBeLessThan(400);
});

const file = '--x\r\nContent-Disposition: form-data; name="__proto__[polluted]"\r\n\r\n1\r\n--x--';
test.each([
  ["JSON", "application/json", '{"__proto__":{"polluted":1}}'],
  [
    "a form",
    "application/x-www-form-urlencoded",
    "__proto__[polluted]=1&a[constructor][prototype][polluted]=1",
  ],
  ["a form with files", "multipart/form-data; boundary=x", file],
  [
    "XML",
    "application/xml",
    '<r><a __proto__="1" constructor="2"/><toString>1</toString><hasOwnProperty/></r>',
  ],
  ["CSV", "text/csv", "__proto__,constructor,polluted\n1,2,3"],
  ["MessagePack", "application/msgpack", Buffer.from("81a95f5f70726f746f5f5f81a8706f6c6c7574656401", "hex")],
])("%s may use the names that mean something to JavaScript, as data", (_, type, body) => {
  const read = readBody(Buffer.from(body), type);
  expect(read).toMatchObject({ ok: true });
  expect(JSON.stringify(read)).toMatch(/__proto__|toString/);
});

test.each(["__proto__", "constructor", "prototype"])(
  "an element of XML named %s is refused by its name",
  (name) => {
    const read = readBody(Buffer.from(`<r><${name}><polluted>1</polluted></${name}></r>`), "text/xml");
    expect(read).toMatchObject({ code: "malformed-xml", sentence: expect.stringContaining(`“${name}”`) });
  },
);

function levelsOf(data: unknown): number {
  if (typeof data !== "object" || data === null) return 0;
  let deepest = 0;
  for (const value of Object.values(data)) deepest = Math.max(deepest, levelsOf(value));
  return deepest + 1;
}
