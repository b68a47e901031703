// Filters for text.

import {
  example,
  type Filter,
  type FilterContext,
  joinTexts,
  numberArg,
  textArg,
  textOf,
} from "./filters-kit.ts";
import { countChars, findAll, splitText, stripHtml, takeChars } from "./filters-text-scan.ts";
import { isSame } from "./template-data.ts";

export const textFilters: readonly Filter[] = [
  {
    name: "default",
    group: "text",
    takes: [{ name: "value", kind: "any" }],
    summary: "Another value for one that is missing, null or an empty text. `false` and 0 stay.",
    examples: [
      example('{{trigger.nickname | default: "friend"}}', {}, "friend"),
      example("{{trigger.nickname | default: trigger.name}}", { nickname: "", name: "Ada" }, "Ada"),
      example("{{trigger.count | default: 1}}", { count: 0 }, 0),
    ],
    run: (input, args) => (input === undefined || input === null || input === "" ? args[0] : input),
  },
  {
    name: "upper",
    group: "text",
    takes: [],
    summary: "In capital letters.",
    examples: [example("{{trigger.name | upper}}", { name: "Ada" }, "ADA")],
    run: (input, _args, ctx) => textOf(input, ctx).toUpperCase(),
  },
  {
    name: "lower",
    group: "text",
    takes: [],
    summary: "In small letters.",
    examples: [example("{{trigger.email | lower}}", { email: "Ada@Example.COM" }, "ada@example.com")],
    run: (input, _args, ctx) => textOf(input, ctx).toLowerCase(),
  },
  {
    name: "capitalize",
    group: "text",
    takes: [],
    summary: "The first letter as a capital; the others stay.",
    examples: [example("{{trigger.status | capitalize}}", { status: "paid by card" }, "Paid by card")],
    run(input, _args, ctx) {
      const text = textOf(input, ctx);
      const first = takeChars(text, 1);
      return first.toUpperCase() + text.slice(first.length);
    },
  },
  {
    name: "title",
    group: "text",
    takes: [],
    summary: "Each word with a capital letter, the rest in small ones.",
    examples: [example("{{trigger.name | title}}", { name: "ADA king-noel" }, "Ada King-Noel")],
    run: (input, _args, ctx) =>
      textOf(input, ctx)
        .toLowerCase()
        .replace(/(?<=^|[\s-])\S/gu, (letter) => letter.toUpperCase()),
  },
  {
    name: "trim",
    group: "text",
    takes: [],
    summary: "Without blanks and line ends at both ends.",
    examples: [example("{{trigger.name | trim}}", { name: "  Ada \n" }, "Ada")],
    run: (input, _args, ctx) => textOf(input, ctx).trim(),
  },
  {
    name: "truncate",
    group: "text",
    takes: [
      { name: "characters", kind: "integer" },
      { name: "ending", kind: "text", optional: true },
    ],
    summary: "At most so many characters, ending (“…” unless you say) included.",
    examples: [
      example("{{trigger.text | truncate: 9}}", { text: "Dear customer" }, "Dear cus…"),
      example('{{trigger.text | truncate: 9, "..."}}', { text: "Dear customer" }, "Dear c..."),
      example("{{trigger.text | truncate: 20}}", { text: "Dear customer" }, "Dear customer"),
    ],
    run(input, args, ctx) {
      const text = textOf(input, ctx);
      const most = Math.max(0, numberArg(args, 0));
      if (text.length <= most || countChars(text) <= most) return text;
      const ending = takeChars(textArg(args, 1, "…"), most);
      return takeChars(text, most - countChars(ending)) + ending;
    },
  },
  {
    name: "replace",
    group: "text",
    takes: [
      { name: "text", kind: "text" },
      { name: "with", kind: "text" },
    ],
    summary: "Every place where a text stands, replaced by another. Capitals and small letters differ.",
    examples: [
      example('{{trigger.phone | replace: " ", "-"}}', { phone: "030 12 34" }, "030-12-34"),
      example('{{trigger.price | replace: "$", "$&"}}', { price: "$5" }, "$&5"),
    ],
    run: (input, args, ctx) => replaceAll(input, textArg(args, 0), textArg(args, 1), ctx),
  },
  {
    name: "remove",
    group: "text",
    takes: [{ name: "text", kind: "text" }],
    summary: "Without a text, wherever it stands.",
    examples: [example('{{trigger.order | remove: "#"}}', { order: "#1042" }, "1042")],
    run: (input, args, ctx) => replaceAll(input, textArg(args, 0), "", ctx),
  },
  {
    name: "append",
    group: "text",
    takes: [{ name: "text", kind: "text" }],
    summary: "With a text behind it.",
    examples: [example('{{trigger.file | append: ".pdf"}}', { file: "invoice" }, "invoice.pdf")],
    run: (input, args, ctx) => textOf(input, ctx) + textArg(args, 0),
  },
  {
    name: "prepend",
    group: "text",
    takes: [{ name: "text", kind: "text" }],
    summary: "With a text in front of it.",
    examples: [example('{{trigger.user | prepend: "@"}}', { user: "ada" }, "@ada")],
    run: (input, args, ctx) => textArg(args, 0) + textOf(input, ctx),
  },
  {
    name: "split",
    group: "text",
    takes: [{ name: "at", kind: "text" }],
    summary: "A list of the pieces between a text; between every character for an empty one.",
    examples: [
      example('{{trigger.tags | split: ", "}}', { tags: "new, vip" }, ["new", "vip"]),
      example('{{trigger.code | split: ""}}', { code: "A1" }, ["A", "1"]),
    ],
    run(input, args, ctx) {
      const text = textOf(input, ctx);
      if (text === "") return [];
      const at = textArg(args, 0);
      if (at === "") ctx.meter.step(text.length / 100);
      return at === "" ? Array.from(text) : splitText(text, at);
    },
  },
  {
    name: "lines",
    group: "text",
    takes: [],
    summary: "A list of the lines of a text.",
    examples: [
      example("{{trigger.note | lines}}", { note: "first\nsecond\r\nthird" }, ["first", "second", "third"]),
    ],
    run: (input, _args, ctx) => textOf(input, ctx).split(/\r\n|\n|\r/),
  },
  {
    name: "contains",
    group: "text",
    takes: [{ name: "value", kind: "any" }],
    summary: "Whether a text holds a text, or a list holds a value.",
    examples: [
      example('{{trigger.subject | contains: "invoice"}}', { subject: "Your invoice" }, true),
      example('{{trigger.tags | contains: "vip"}}', { tags: ["new"] }, false),
    ],
    run(input, args, ctx) {
      if (Array.isArray(input)) return input.some((item) => isSame(item, args[0], ctx.meter));
      const wanted = textOf(args[0], ctx);
      return wanted === "" || findAll(textOf(input, ctx), wanted, 1).length > 0;
    },
  },
  {
    name: "starts_with",
    group: "text",
    takes: [{ name: "text", kind: "text" }],
    summary: "Whether a text begins with another.",
    examples: [example('{{trigger.phone | starts_with: "+49"}}', { phone: "+49 30 1234" }, true)],
    run: (input, args, ctx) => textOf(input, ctx).startsWith(textArg(args, 0)),
  },
  {
    name: "ends_with",
    group: "text",
    takes: [{ name: "text", kind: "text" }],
    summary: "Whether a text ends with another.",
    examples: [example('{{trigger.file | ends_with: ".pdf"}}', { file: "invoice.pdf" }, true)],
    run: (input, args, ctx) => textOf(input, ctx).endsWith(textArg(args, 0)),
  },
  {
    name: "slug",
    group: "text",
    takes: [],
    summary: "Small letters, digits and hyphens, for an address or a file name. Up to 1,000 characters.",
    examples: [example("{{trigger.title | slug}}", { title: " Grüße aus Łódź! " }, "grusse-aus-lodz")],
    run(input, _args, ctx) {
      const text = textOf(input, ctx);
      // Taking accents apart is quadratic for texts made of nothing else, hence the limit.
      if (text.length > 1_000)
        throw ctx.refuse("takes a text of up to 1,000 characters", "Put “truncate” before it.");
      return text
        .toLowerCase()
        .replace(/[ßæœøłđð]/g, (letter) => SLUG_LETTERS.get(letter) ?? letter)
        .normalize("NFKD")
        .replace(/\p{M}/gu, "")
        .split(/[^\p{L}\p{N}]+/u)
        .filter((word) => word !== "")
        .join("-");
    },
  },
  {
    name: "strip_html",
    group: "text",
    takes: [],
    summary:
      "The text of a piece of HTML, without tags, scripts and styles. Put it through `html_escape` before it goes into HTML again.",
    examples: [
      example(
        "{{trigger.html | strip_html}}",
        { html: "<p>Hi <b>Ada</b>,</p><p>2 &lt; 3</p>" },
        "Hi Ada,\n\n2 < 3",
      ),
    ],
    run: (input, _args, ctx) => stripHtml(textOf(input, ctx)),
  },
];

const SLUG_LETTERS = new Map([
  ["ß", "ss"],
  ["æ", "ae"],
  ["œ", "oe"],
  ["ø", "o"],
  ["ł", "l"],
  ["đ", "d"],
  ["ð", "d"],
]);

function replaceAll(input: unknown, what: string, by: string, ctx: FilterContext): string {
  if (what === "") throw ctx.refuse("needs a text to look for, and got an empty one");
  return joinTexts(splitText(textOf(input, ctx), what), by, ctx);
}
