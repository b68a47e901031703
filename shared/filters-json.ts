// Filters for objects and JSON.

import { example, type Filter, keyArg, recordOf, textOf } from "./filters-kit.ts";
import { explainMissing, readOwn, resolvePath, toJson } from "./template-data.ts";

export const jsonFilters: readonly Filter[] = [
  {
    name: "json",
    group: "JSON",
    takes: [],
    summary: "Any value as JSON, on one line. A text gets its quotes.",
    examples: [
      example("{{trigger.order | json}}", { order: { id: 7, paid: true } }, '{"id":7,"paid":true}'),
      example('{"note": {{trigger.note | json}}}', { note: 'say "hi"' }, '{"note": "say \\"hi\\""}'),
    ],
    run: (input, _args, ctx) => toJson(input, ctx.meter),
  },
  {
    name: "pretty",
    group: "JSON",
    takes: [],
    summary: "Any value as JSON with a line for each entry.",
    examples: [example("{{trigger.order | pretty}}", { order: { id: 7 } }, '{\n  "id": 7\n}')],
    run: (input, _args, ctx) => toJson(input, ctx.meter, { indent: 2 }),
  },
  {
    name: "parse_json",
    group: "JSON",
    takes: [],
    summary: "The value that a JSON text holds.",
    examples: [example("{{trigger.data | parse_json}}", { data: '{"id": 7}' }, { id: 7 })],
    run(input, _args, ctx) {
      const text = textOf(input, ctx);
      ctx.meter.step(text.length / 100);
      try {
        const value: unknown = JSON.parse(text);
        return value;
      } catch {
        throw ctx.needs("a text that is JSON", input);
      }
    },
  },
  {
    name: "get",
    group: "JSON",
    takes: [{ name: "path", kind: "text" }],
    summary:
      "What is inside a value, by a path that is a text: one that comes from data, or follows another filter.",
    examples: [
      example(
        '{{trigger.people | first | get: "address.city"}}',
        { people: [{ address: { city: "Oslo" } }] },
        "Oslo",
      ),
      example("{{trigger.prices | get: trigger.plan}}", { prices: { pro: 20 }, plan: "pro" }, 20),
    ],
    run(input, args, ctx) {
      const path = keyArg(args, 0);
      ctx.meter.step(path.length);
      const resolved = resolvePath(input, path);
      if (resolved.found) return resolved.value;
      throw ctx.missing(() => `finds nothing: ${explainMissing(path, resolved.stopped, resolved.holder)}`);
    },
  },
  {
    name: "keys",
    group: "JSON",
    takes: [],
    summary: "A list of the keys of an object.",
    examples: [
      example("{{trigger.form | keys}}", { form: { name: "Ada", city: "London" } }, ["name", "city"]),
    ],
    run: (input, _args, ctx) => Object.keys(recordOf(input, ctx)),
  },
  {
    name: "values",
    group: "JSON",
    takes: [],
    summary: "A list of the values of an object.",
    examples: [
      example("{{trigger.form | values}}", { form: { name: "Ada", city: "London" } }, ["Ada", "London"]),
    ],
    run(input, _args, ctx) {
      const record = recordOf(input, ctx);
      return Object.keys(record).map((key) => readOwn(record, key));
    },
  },
  {
    name: "entries",
    group: "JSON",
    takes: [],
    summary: "A list with a key and a value for each entry of an object, to go through them one by one.",
    examples: [
      example("{{trigger.form | entries}}", { form: { name: "Ada" } }, [{ key: "name", value: "Ada" }]),
    ],
    run(input, _args, ctx) {
      const record = recordOf(input, ctx);
      return Object.keys(record).map((key) => ({ key, value: readOwn(record, key) }));
    },
  },
];
