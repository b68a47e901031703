// Filters for numbers.

import {
  example,
  type Filter,
  type FilterContext,
  numberArg,
  numberOf,
  textArg,
  toNumber,
} from "./filters-kit.ts";
import { describeValue } from "./template-data.ts";

export const numberFilters: readonly Filter[] = [
  {
    name: "number",
    group: "number",
    takes: [{ name: "decimal mark", kind: "text", optional: true, choices: [".", ","] }],
    summary: "The number in a text; currency signs, blanks and marks between thousands are dropped.",
    examples: [
      example("{{trigger.count | number}}", { count: "42" }, 42),
      example("{{trigger.total | number}}", { total: "$1,234.50" }, 1234.5),
      example('{{trigger.total | number: ","}}', { total: "1.234,50 €" }, 1234.5),
    ],
    run(input, args, ctx) {
      const number = typeof input === "string" ? readNumber(input, textArg(args, 0, ".")) : toNumber(input);
      if (number === undefined) throw ctx.needs("a text that holds one number", input);
      return number;
    },
  },
  {
    name: "plus",
    group: "number",
    takes: [{ name: "number", kind: "number" }],
    summary: "The sum.",
    examples: [
      example("{{trigger.count | plus: 1}}", { count: "3" }, 4),
      example("{{trigger.price | plus: 0.2}}", { price: 0.1 }, 0.3),
    ],
    run: (input, args, ctx) => tidy(numberOf(input, ctx) + numberArg(args, 0), ctx),
  },
  {
    name: "minus",
    group: "number",
    takes: [{ name: "number", kind: "number" }],
    summary: "The difference.",
    examples: [example("{{trigger.total | minus: trigger.discount}}", { total: 20, discount: 2.5 }, 17.5)],
    run: (input, args, ctx) => tidy(numberOf(input, ctx) - numberArg(args, 0), ctx),
  },
  {
    name: "times",
    group: "number",
    takes: [{ name: "number", kind: "number" }],
    summary: "The product.",
    examples: [example("{{trigger.price | times: 1.19}}", { price: 100 }, 119)],
    run: (input, args, ctx) => tidy(numberOf(input, ctx) * numberArg(args, 0), ctx),
  },
  {
    name: "divided_by",
    group: "number",
    takes: [{ name: "number", kind: "number" }],
    summary: "The quotient, with decimals.",
    examples: [example("{{trigger.cents | divided_by: 100}}", { cents: 1999 }, 19.99)],
    run: (input, args, ctx) => tidy(numberOf(input, ctx) / divisor(args, ctx), ctx),
  },
  {
    name: "modulo",
    group: "number",
    takes: [{ name: "number", kind: "number" }],
    summary: "The remainder of a division.",
    examples: [example("{{trigger.count | modulo: 3}}", { count: 10 }, 1)],
    run: (input, args, ctx) => tidy(numberOf(input, ctx) % divisor(args, ctx), ctx),
  },
  {
    name: "round",
    group: "number",
    takes: [{ name: "decimals", kind: "integer", optional: true }],
    summary: "Rounded to so many decimals (none unless you say); halves go away from zero.",
    examples: [
      example("{{trigger.total | round: 2}}", { total: 1.005 }, 1.01),
      example("{{trigger.total | round}}", { total: -2.5 }, -3),
      example("{{trigger.total | round: -2}}", { total: 1234 }, 1200),
    ],
    run(input, args, ctx) {
      const number = numberOf(input, ctx);
      const decimals = numberArg(args, 0);
      if (Math.abs(decimals) > 15) throw ctx.refuse("takes from -15 to 15 decimals");
      const shifted = shift(Math.abs(number), decimals);
      return Number.isFinite(shifted)
        ? Math.sign(number) * shift(Math.round(shifted), -decimals) || 0
        : number;
    },
  },
  {
    name: "floor",
    group: "number",
    takes: [],
    summary: "Rounded down.",
    examples: [example("{{trigger.total | floor}}", { total: 2.9 }, 2)],
    run: (input, _args, ctx) => Math.floor(numberOf(input, ctx)) || 0,
  },
  {
    name: "ceil",
    group: "number",
    takes: [],
    summary: "Rounded up.",
    examples: [example("{{trigger.total | ceil}}", { total: 2.1 }, 3)],
    run: (input, _args, ctx) => Math.ceil(numberOf(input, ctx)) || 0,
  },
  {
    name: "abs",
    group: "number",
    takes: [],
    summary: "Without its minus sign.",
    examples: [example("{{trigger.change | abs}}", { change: -7 }, 7)],
    run: (input, _args, ctx) => Math.abs(numberOf(input, ctx)),
  },
  {
    name: "format_number",
    group: "number",
    takes: [
      { name: "decimals", kind: "integer", optional: true },
      { name: "language", kind: "text", optional: true, check: checkLanguage },
    ],
    summary: "A number as people write it, English unless you name a language such as `de`.",
    examples: [
      example("{{trigger.total | format_number}}", { total: 1234567.5 }, "1,234,567.5"),
      example("{{trigger.total | format_number: 2}}", { total: 1234.5 }, "1,234.50"),
      example('{{trigger.total | format_number: 2, "de"}}', { total: 1234.5 }, "1.234,50"),
    ],
    run(input, args, ctx) {
      const decimals = args[0] === undefined ? undefined : numberArg(args, 0);
      if (decimals !== undefined && (decimals < 0 || decimals > 15))
        throw ctx.refuse("takes from 0 to 15 decimals");
      ctx.meter.step(5);
      const format = new Intl.NumberFormat(textArg(args, 1, "en-US"), {
        minimumFractionDigits: decimals ?? 0,
        maximumFractionDigits: decimals ?? 15,
      });
      return format.format(numberOf(input, ctx));
    },
  },
  {
    name: "money",
    group: "number",
    takes: [
      { name: "currency", kind: "text", check: checkCurrency },
      { name: "language", kind: "text", optional: true, check: checkLanguage },
    ],
    summary: "An amount with its currency, English unless you name a language such as `de`.",
    examples: [
      example('{{trigger.total | money: "USD"}}', { total: 1234.5 }, "$1,234.50"),
      example('{{trigger.total | money: "EUR", "de"}}', { total: 1234.5 }, "1.234,50\u00a0€"),
      example('{{trigger.total | money: "JPY"}}', { total: 1234 }, "¥1,234"),
    ],
    run(input, args, ctx) {
      ctx.meter.step(5);
      const currency = textArg(args, 0).toUpperCase();
      const format = new Intl.NumberFormat(textArg(args, 1, "en-US"), { style: "currency", currency });
      return format.format(numberOf(input, ctx));
    },
  },
];

/** What is wrong with a language tag such as `de` or `en-GB`, or undefined. */
export function checkLanguage(tag: string): string | undefined {
  try {
    if (tag.length <= 35 && Intl.getCanonicalLocales(tag).length === 1) return undefined;
  } catch {
    // Not a language tag: said below.
  }
  return "needs a language such as “en”, “de” or “pt-BR”";
}

function checkCurrency(code: string): string | undefined {
  return /^[A-Za-z]{3}$/.test(code) ? undefined : "needs a currency of three letters, such as “EUR” or “USD”";
}

/** Without the last digits that binary fractions add: 0.1 + 0.2 is 0.3. Whole numbers stay exact. */
export function tidy(number: number, ctx: FilterContext): number {
  if (!Number.isFinite(number)) throw ctx.refuse("gives a number that is too big");
  return (Number.isSafeInteger(number) ? number : Number(number.toPrecision(15))) || 0;
}

function divisor(args: readonly unknown[], ctx: FilterContext): number {
  const number = numberArg(args, 0);
  if (number === 0) throw ctx.refuse(`cannot divide by ${describeValue(number)}`);
  return number;
}

/** Moves the decimal point as text does it, exactly: 1.005 by 2 is 100.5. */
function shift(number: number, places: number): number {
  const [digits, exponent = "0"] = String(number).split("e");
  return Number(`${digits}e${Number(exponent) + places}`);
}

function readNumber(text: string, mark: string): number | undefined {
  if (text.length > 60) return undefined;
  const plain = toNumber(text);
  if (plain !== undefined && (mark === "." || !text.includes("."))) return plain;
  const group = mark === "," ? "." : ",";
  const bare = text.replace(/[\s\p{Sc}'’]/gu, "").replace(/^[A-Za-z]{3}(?=[-+\d])|(?<=\d)[A-Za-z]{3}$/g, "");
  const [whole = "", decimals, ...more] = bare.split(mark);
  if (more.length > 0 || decimals?.includes(group)) return undefined;
  const [first = "", ...groups] = whole.split(group);
  if (
    groups.some((digits) => !/^\d{3}$/.test(digits)) ||
    (groups.length > 0 && !/^[+-]?\d{1,3}$/.test(first))
  )
    return undefined;
  return toNumber([first, ...groups].join("") + (decimals === undefined ? "" : `.${decimals}`));
}
