// JSON with templates in it, as a person writes it.

import { expect, test } from "vitest";
import { readJsonText, writeJsonText } from "../../../client/editor/data/json-text.ts";

const meaning = (text: string) => {
  const read = readJsonText(text);
  return read.ok ? read.value : `refused: ${read.sentence}`;
};

test.each([
  ["5", 5],
  ['"5"', "5"],
  ["true", true],
  ["", ""],
  ["Hello", "Hello"],
  ["{{trigger.body}}", "{{trigger.body}}"],
  ["Hello {{trigger.body.name}}", "Hello {{trigger.body.name}}"],
  ["{{a.b}} and {{c.d}}", "{{a.b}} and {{c.d}}"],
  [
    '{ "a": {{trigger.n}}, "b": [{{trigger.x | default: "y"}}] }',
    { a: "{{trigger.n}}", b: ['{{trigger.x | default: "y"}}'] },
  ],
  ['{ "a": "{{trigger["first name"]}}!" }', { a: '{{trigger["first name"]}}!' }],
  ['{ "a": "{{trigger[\\"first name\\"]}}!" }', { a: '{{trigger["first name"]}}!' }],
  ['{ "a": "say \\"hi\\" }}" }', { a: 'say "hi" }}' }],
])("%s means %j", (text, value) => {
  expect(meaning(text)).toEqual(value);
});

test.each(['{ "a": ', '{ "a": 1, }', "[1, 2", "{ {{a.b}}: 1 }"])("%s is not valid yet", (text) => {
  expect(meaning(text)).toMatch(/^refused: This is not valid JSON yet/);
});

test.each([
  5,
  "5",
  "true",
  "",
  "Hello",
  "{{trigger.body}}",
  'a "quoted" {{trigger["first name"]}} text',
  { a: "{{trigger.n}}", b: ["x {{y.z}}", null, 1.5, {}, []], "c d": { e: '"' } },
  ["{{trigger.n}}"],
  "null",
  '{"a":1}',
  "{{ not a template",
])("%j is written so that it is read again as it was", (value) => {
  expect(meaning(writeJsonText(value))).toEqual(value);
});

test("a template that is a whole value stands bare, one inside a text does not", () => {
  expect(writeJsonText({ id: "{{trigger.id}}", hello: "Hi {{trigger.name}}" })).toBe(
    '{\n  "id": {{trigger.id}},\n  "hello": "Hi {{trigger.name}}"\n}',
  );
});
