// References follow steps that get another id.

import { expect, test } from "vitest";
import { renameReferences } from "../../shared/template-rename.ts";

const ids = new Map([
  ["email", "email2"],
  ["a", "b"],
  ["b", "a"],
]);

test.each([
  ["{{email.id}}", "{{email2.id}}"],
  ["To {{ email.to[0] | upper }} and {{trigger.id}}", "To {{ email2.to[0] | upper }} and {{trigger.id}}"],
  [
    "{{trigger.x | default: email.y | truncate: email.n}}",
    "{{trigger.x | default: email2.y | truncate: email2.n}}",
  ],
  ['{{["email"]["a b"]}}', '{{email2["a b"]}}'],
  // Two that change places do so at once.
  ["{{a.x}}{{b.x}}", "{{b.x}}{{a.x}}"],
  ["emails.email {{emails.email}}", "emails.email {{emails.email}}"],
  ['{{trigger.x | default: "email.id"}}', '{{trigger.x | default: "email.id"}}'],
  ["\\{{email.id}}", "\\{{email.id}}"],
  ["{{email.id", "{{email.id"],
])("%s becomes %s", (before, after) => {
  expect(renameReferences(before, ids)).toBe(after);
});

test("in whatever holds the texts; keys, and what is no text, stay", () => {
  const before = { email: [{ value: "{{email.id}}" }, 3, null, true], list: ["{{a}}"] };
  expect(renameReferences(before, ids)).toEqual({
    email: [{ value: "{{email2.id}}" }, 3, null, true],
    list: ["{{b}}"],
  });
});
