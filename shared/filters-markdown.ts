// docs/templates.md as text, from the table of filters, so that the page cannot differ from the program.

import { FILTERS, filterSignature } from "./filters.ts";
import {
  EXAMPLE_NOW,
  FILTER_GROUPS,
  type Filter,
  type FilterExample,
  type FilterGroup,
} from "./filters-kit.ts";
import { DEFAULT_BUDGET } from "./template-budget.ts";
import { DATE_TOKENS } from "./template-time-format.ts";

const HEADINGS: Record<FilterGroup, string> = {
  text: "Text",
  number: "Numbers",
  date: "Dates and times",
  list: "Lists",
  JSON: "Objects and JSON",
  encode: "Encoding",
  hash: "Hashes and signatures",
};

/** The whole page docs/templates.md. */
export function filtersMarkdown(): string {
  const groups = FILTER_GROUPS.map((group) => {
    const rows = FILTERS.filter((filter) => filter.group === group).map(writeRow);
    return [
      `### ${HEADINGS[group]}\n`,
      "| Filter | Gives | For example |\n|---|---|---|",
      `${rows.join("\n")}\n`,
      ...(group === "date" ? [`${writeDates()}\n`] : []),
    ].join("\n");
  });
  return `${INTRODUCTION}\n## Filters\n\n${FILTERS_INTRODUCTION}\n${groups.join("\n")}\n${writeLimits()}`;
}

function writeRow(filter: Filter): string {
  const examples = filter.examples.map(writeExample).join("<br>");
  return `| \`${filterSignature(filter)}\` | ${filter.summary.replaceAll("|", "\\|")} | ${examples} |`;
}

function writeExample({ template, scope, gives }: FilterExample): string {
  const data = scope?.trigger;
  const given = data && Object.keys(data).length > 0 ? `, given ${writeCode(JSON.stringify(data))}` : "";
  return `${writeCode(template)} → ${writeCode(JSON.stringify(gives))}${given}`;
}

/** Code inside a table: a bar would end the cell, so it is escaped. */
function writeCode(code: string): string {
  return `\`${code.replaceAll("|", "\\|").replaceAll("\u00a0", " ")}\``;
}

function writeDates(): string {
  const tokens = [...DATE_TOKENS].map(([token, { means }]) => `| \`${token}\` | ${means} |`);
  return `${DATES_INTRODUCTION}\n| Token | Stands for |\n|---|---|\n${tokens.join("\n")}`;
}

const INTRODUCTION = `<!-- Written by test/docs/write-templates-doc.ts from the table of filters. Do not edit by hand. -->

# Templates

A template is a place in a text that is filled in when the flow runs. It stands in two braces and names a value that
an earlier step gave:

    Hello {{trigger.body.customer.name}}, your order {{trigger.body.id}} has been paid.

Any field of any step can hold templates. In the editor you pick the value from the list of data, and the template
is written for you.

## What stands between the braces

First the id of a step (the trigger’s is \`trigger\`), then the way to the value inside its output:

| Template | Reads |
|---|---|
| \`{{trigger.body.email}}\` | the key \`email\` in the key \`body\` |
| \`{{trigger.body["first name"]}}\` | a key that is more than letters, digits, \`_\` and \`-\`; such keys are put in quotes |
| \`{{trigger.body.lines[0].sku}}\` | the first item of a list: items are counted from 0 |
| \`{{trigger.body.lines[-1].sku}}\` | the last item: negative numbers count from the end |
| \`{{trigger}}\` | everything the trigger gave |
| \`{{now}}\` | the present time, as text such as \`2026-03-01T09:05:00.000Z\` |

Behind a bar comes a filter that changes the value, and behind that another one, as many as you like:

    {{trigger.body.email | trim | lower}}
    {{trigger.body.paid_at | date: "dd.MM.yyyy", "Europe/Berlin"}}

What a filter needs to know follows a colon: texts in double or single quotes, numbers, \`true\`, \`false\`, \`null\`, or
another reference without braces, as in \`{{trigger.total | minus: trigger.discount}}\`. In quotes, \`\\n\` is a line end,
\`\\"\` a quote and \`\\\\\` a backslash.

## Text or value

A field that holds one template and nothing else gets **the value itself**: a number stays a number, a list a list.
So \`{{trigger.body}}\` hands on the whole body as data.

Between other text, a value is written out: texts and numbers as they are, \`true\` and \`false\` as words, null as
nothing, lists and objects as JSON.

A template is filled in once. Braces inside the data are just text and are never filled in themselves. To write two
braces yourself, put a backslash in front: \`\\{{\`. (For a backslash right in front of a template, write two.)

## When a value is missing

A template that finds nothing stops the step, and the run says where it looked:

> {{trigger.body.custmer.email}}: “body” has no “custmer”. Did you mean “customer”?

So a typing error never sends an e-mail to nobody. If a value may really be missing, say what to use instead with
\`default\`:

    Hello {{trigger.body.name | default: "friend"}}
    {{trigger.body.nickname | default: trigger.body.name}}
    {{trigger.body.paid_at | date: "dd.MM.yyyy" | default: "not yet"}}

\`default\` also replaces null and empty texts. It covers all that stands before it in its template: in the last line,
\`date\` is skipped when there is no date.
`;

const FILTERS_INTRODUCTION = `A question mark means that you can leave that part out. Text filters also take numbers; number filters also take numbers
that are written as text. Every example here is tested.
`;

const DATES_INTRODUCTION = `Dates are read from ISO 8601 text (\`2026-03-01T10:00:00Z\`, \`2026-03-01 10:00\`, \`2026-03-01\`), from the form that
e-mails use, and from seconds or milliseconds since 1970. A date that does not say its time zone is read in the one
you name, or else in the default one (UTC). In the examples, \`now\` is ${new Date(EXAMPLE_NOW).toISOString()}.

A format is made of these tokens. Other signs stay as they are; words go in single quotes, as in
\`d MMMM 'at' HH:mm\`, and two single quotes are one.
`;

function writeLimits(): string {
  const { steps, depth, outputChars, templateChars, nodes } = DEFAULT_BUDGET;
  const write = (number: number) => number.toLocaleString("en-US");
  return `## Limits

Templates read data; they run no code. The templates of one step may do ${write(steps)} steps of work (a part of a path, a
filter, 1,000 characters or 100 items read) and give ${write(outputChars)} characters; one template may be ${write(templateChars)} characters
long, one text may hold ${write(nodes)} of them, and an input may be ${depth} levels deep.
`;
}
