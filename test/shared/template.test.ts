// What a template means: its grammar, strictness, types, budgets, and that there is no way out of the data.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: texts in the style of other languages are tried here on purpose
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FILTERS } from "../../shared/filters.ts";
import { Refused } from "../../shared/problem.ts";
import {
  hasTemplate,
  type PathPart,
  parseTemplate,
  problemsInTemplate,
  type RenderOptions,
  referencesIn,
  referenceText,
  render,
  TemplateError,
} from "../../shared/template.ts";

const NOW = Date.UTC(2026, 2, 1, 9, 5);

const scope = {
  trigger: {
    body: {
      id: 1042,
      paid: true,
      customer: { name: "Ada", email: "ada@example.com", nickname: "", phone: null },
      lines: [{ sku: "A-1" }, { sku: "B-2" }],
      "first name": "Ada",
      "content-type": "text/plain",
    },
  },
  find: { rows: [] },
};

function renderNow(
  value: unknown,
  data: Record<string, unknown> = scope,
  options: Partial<RenderOptions> = {},
): unknown {
  return render(value, data, { now: NOW, ...options });
}

function errorOf(act: () => unknown): TemplateError {
  try {
    act();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("a reference", () => {
  it.each([
    ["{{trigger.body.id}}", 1042],
    ["{{ trigger.body.paid }}", true],
    ["\n{{\ttrigger.body.customer\n}} ", scope.trigger.body.customer],
    ["{{trigger.body.customer.phone}}", null],
    ["{{trigger.body.lines[0].sku}}", "A-1"],
    ["{{trigger.body.lines[-1].sku}}", "B-2"],
    ["{{trigger.body.lines[ 1 ][ 'sku' ]}}", "B-2"],
    ['{{trigger.body["first name"]}}', "Ada"],
    ["{{trigger.body.content-type}}", "text/plain"],
    ['{{["trigger"].body.id}}', 1042],
    ["{{find.rows}}", []],
    ["{{now}}", "2026-03-01T09:05:00.000Z"],
  ])("%s is %j, with its type", (template, gives) => {
    expect(renderNow(template)).toStrictEqual(gives);
  });

  it("is written out between other text", () => {
    expect(renderNow("#{{trigger.body.id}} {{trigger.body.paid}} [{{trigger.body.customer.phone}}]")).toBe(
      "#1042 true []",
    );
    expect(renderNow("{{trigger.body.id}}{{trigger.body.id}}")).toBe("10421042");
    expect(renderNow("lines: {{trigger.body.lines}}")).toBe('lines: [{"sku":"A-1"},{"sku":"B-2"}]');
    expect(renderNow('{"order":{"id":{{trigger.body.id}}}}')).toBe('{"order":{"id":1042}}');
  });

  it("is replaced in every text of a value, but not in keys", () => {
    expect(
      renderNow({ to: ["{{trigger.body.customer.email}}"], "{{trigger}}": { n: 3, none: null, on: false } }),
    ).toStrictEqual({
      to: ["ada@example.com"],
      "{{trigger}}": { n: 3, none: null, on: false },
    });
  });

  it.each([
    [
      "{{trigger.body.custmer.email}}",
      "{{trigger.body.custmer.email}}: “body” has no “custmer”. Did you mean “customer”?",
    ],
    [
      "{{trigger.body.Customer}}",
      "{{trigger.body.Customer}}: “body” has no “Customer”. Did you mean “customer”?",
    ],
    ["{{trigger.body.zebra}}", "{{trigger.body.zebra}}: “body” has no “zebra”."],
    [
      "Hi {{ triger.body | upper }}",
      "{{triger.body}}: there is no data from a step “triger”. Did you mean “trigger”?",
    ],
    ["{{trigger.body.lines[2].sku}}", "{{trigger.body.lines[2].sku}}: “lines” has 2 items, and no [2]."],
    ["{{trigger.body.lines[-3]}}", "{{trigger.body.lines[-3]}}: “lines” has 2 items, and no [-3]."],
    [
      "{{trigger.body.lines.sku}}",
      "{{trigger.body.lines.sku}}: “lines” is a list, and a list has no “sku”. Pick one item, as in [0], or use “map”.",
    ],
    ["{{trigger.body.lines[0].price}}", "{{trigger.body.lines[0].price}}: item [0] has no “price”."],
    ["{{trigger.body[0]}}", "{{trigger.body[0]}}: “body” is an object, not a list, and has no [0]."],
    ["{{trigger.body.id.value}}", "{{trigger.body.id.value}}: “id” is a number, and has no “value”."],
    [
      "{{trigger.body.customer.name.length}}",
      "{{trigger.body.customer.name.length}}: “name” is a text, and has no “length”.",
    ],
    [
      "{{trigger.body.customer.name[0]}}",
      "{{trigger.body.customer.name[0]}}: “name” is a text, and has no [0].",
    ],
    [
      "{{trigger.body.customer.phone.home}}",
      "{{trigger.body.customer.phone.home}}: “phone” is empty (null), and has no “home”.",
    ],
    ["{{now.year}}", "{{now.year}}: “now” is a text, and has no “year”."],
    ["{{trigger.body.id | plus: trigger.body.vat}}", "{{trigger.body.vat}}: “body” has no “vat”."],
  ])("%s finds nothing and says where it stopped", (template, sentence) => {
    const { problem } = errorOf(() => renderNow(template));
    expect(problem).toMatchObject({ code: "template-missing", sentence });
    expect(problem.hint).toContain("default");
  });

  it("says in which field it stands", () => {
    const value = { headers: [{ value: "ok" }, { value: "{{trigger.nope}}" }] };
    expect(errorOf(() => renderNow(value)).problem.field).toBe("headers.1.value");
    expect(errorOf(() => renderNow("{{trigger.nope}}")).problem.field).toBeUndefined();
  });

  it("is refused for good, not tried again", () => {
    expect(errorOf(() => renderNow("{{nope}}"))).toBeInstanceOf(Refused);
  });
});

describe("default", () => {
  it.each([
    ['{{trigger.body.none | default: "x"}}', "x"],
    ['{{nobody.at.all | default: "x"}}', "x"],
    ['{{trigger.body.customer.nickname | default: "x"}}', "x"],
    ['{{trigger.body.customer.phone | default: "x"}}', "x"],
    ['{{trigger.body.paid | default: "x"}}', true],
    ["{{trigger.body.none | default: null}}", null],
    ["{{trigger.body.none | default: trigger.body.lines[0]}}", { sku: "A-1" }],
    ['{{trigger.body.none | default: "x" | upper}}', "X"],
    ['{{trigger.body.none | upper | date: "yyyy" | default: "never"}}', "never"],
    ['{{trigger.body.customer.phone | plus: 1 | default: "none"}}', "none"],
    ['{{find.rows | first | default: "none"}}', "none"],
    ['{{trigger.body.id | plus: trigger.body.vat | default: "no vat"}}', "no vat"],
    ["{{trigger.body.none | default: trigger.body.gone | default: 3}}", 3],
    ["{{trigger.body.id | default: nobody.at.all}}", 1042],
  ])("%s is %j", (template, gives) => {
    expect(renderNow(template)).toStrictEqual(gives);
  });

  it("does not cover what comes behind it, nor mistakes in the template", () => {
    expect(errorOf(() => renderNow("{{trigger.none | default: trigger.gone}}")).problem.code).toBe(
      "template-missing",
    );
    expect(errorOf(() => renderNow('{{find.rows | default: "" | first}}')).problem.code).toBe(
      "template-missing",
    );
    expect(errorOf(() => renderNow('{{trigger.body.lines | upper | default: "x"}}')).problem.code).toBe(
      "template-filter-argument",
    );
    expect(errorOf(() => renderNow('{{trigger.none | uper | default: "x"}}')).problem.code).toBe(
      "template-unknown-filter",
    );
  });
});

describe("braces that are no template", () => {
  it.each([
    ["\\{{trigger.body.id}}", "{{trigger.body.id}}"],
    ["\\\\{{trigger.body.id}}", "\\1042"],
    ["\\\\\\{{x}}", "\\{{x}}"],
    ["C:\\dir\\file }} { } \\n", "C:\\dir\\file }} { } \\n"],
    ["\\{{\\{{", "{{{{"],
    ["\\{{ {{trigger.body.id}} }}", "{{ 1042 }}"],
    ["\\{{{{trigger.body.id}}", "{{1042"],
  ])("%s gives %s", (text, gives) => {
    expect(renderNow(text)).toBe(gives);
  });

  it("a text without two opening braces is unchanged", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.oneof(fc.constantFrom("{", "}", "\\", "|", '"', " "), fc.string({ maxLength: 1 })),
        }),
        (raw) => {
          const text = raw.replaceAll("{{", "{ {");
          fc.pre(!text.includes("{{"));
          expect(renderNow({ a: [text] })).toStrictEqual({ a: [text] });
          expect(hasTemplate([text])).toBe(false);
        },
      ),
    );
  });

  it("any text can be written with backslashes", () => {
    const texts = fc.string({ unit: fc.constantFrom("{", "{{", "\\", "}}", "a") });
    fc.assert(
      fc.property(texts, (text) => {
        const written = text.replaceAll(/(\\*)\{\{/g, (_, slashes: string) => `${slashes}${slashes}\\{{`);
        expect(renderNow(written)).toBe(text);
      }),
    );
  });

  it("braces in the data are never filled in", () => {
    const data = {
      trigger: { evil: "{{trigger.secret}}", secret: "s3cret", key: "evil", json: '"{{trigger.secret}}"' },
    };
    expect(renderNow("{{trigger.evil}}", data)).toBe("{{trigger.secret}}");
    expect(renderNow("<{{trigger.evil}}>", data)).toBe("<{{trigger.secret}}>");
    expect(renderNow("{{trigger.none | default: trigger.evil}}", data)).toBe("{{trigger.secret}}");
    expect(renderNow("{{trigger.json | parse_json}}", data)).toBe("{{trigger.secret}}");
    expect(renderNow('{{trigger.none | default: "{{trigger.secret}}"}}', data)).toBe("{{trigger.secret}}");
    expect(renderNow("{{trigger | get: trigger.key}}", data)).toBe("{{trigger.secret}}");
    expect(renderNow("{{trigger.a}}{{trigger.b}}", { trigger: { a: "{", b: "{trigger.secret}}" } })).toBe(
      "{{trigger.secret}}",
    );
  });
});

describe("a text that cannot be read", () => {
  it.each([
    [
      "{{}}",
      "{{}} cannot be read: a template starts with a step’s id, as in {{trigger.body}}, but there is “}”.",
      2,
    ],
    [
      "{{trigger.body",
      "{{trigger.body cannot be read: after a value comes “|” and a filter, or “}}”, but the text ends.",
      14,
    ],
    [
      "a {{7*7}} b",
      "{{7*7}} cannot be read: a template starts with a step’s id, as in {{trigger.body}}, but there is “7”.",
      4,
    ],
    [
      "{{a b}}",
      "{{a b}} cannot be read: after a value comes “|” and a filter, or “}}”, but there is “b”.",
      4,
    ],
    [
      "{{a.}}",
      '{{a.}} cannot be read: after “.” comes a key; write an item as [0], any other key as ["the key"], but there is “}”.',
      4,
    ],
    [
      "{{a.0}}",
      '{{a.0}} cannot be read: after “.” comes a key; write an item as [0], any other key as ["the key"], but there is “0”.',
      4,
    ],
    [
      "{{a[}}",
      "{{a[}} cannot be read: in [ ] stands a whole number or a key in quotes, but there is “}”.",
      4,
    ],
    ["{{a[1}}", "{{a[1}} cannot be read: a “[” needs its “]”, but there is “}”.", 5],
    ["{{a |}}", "{{a |}} cannot be read: after “|” comes the name of a filter, but there is “}”.", 5],
    [
      "{{a | default: }}",
      "{{a | default: }} cannot be read: an argument is a “text” in quotes, a number, true, false, null or a reference, but there is “}”.",
      15,
    ],
    [
      '{{a | append: "x}}',
      '{{a | append: "x}} cannot be read: a text is missing its closing quote, but the text ends.',
      18,
    ],
    [
      '{{a | append: "\\x"}}',
      '{{a | append: "\\x"}} cannot be read: after “\\” comes n, r, t, a quote, u and four digits, or another “\\”, but there is “x”.',
      16,
    ],
    [
      "{{a | plus: 1e999}}",
      "{{a | plus: 1e999}} cannot be read: the number 1e999 is too big, but there is “}”.",
      17,
    ],
  ])("%s is explained", (text, sentence, position) => {
    const error = errorOf(() => parseTemplate(text));
    expect(error.problem).toEqual({
      code: "template-syntax",
      sentence,
      hint: "Pick the value from the list of data. For the two braces themselves write \\{{",
    });
    expect(error.position).toBe(position);
    expect(problemsInTemplate({ subject: text })).toEqual([{ ...error.problem, field: "subject" }]);
    expect(referencesIn(text)).toEqual([]);
    expect(errorOf(() => renderNow(text)).problem.code).toBe("template-syntax");
  });
});

describe("parts", () => {
  it("cover the text, with the positions of everything in it", () => {
    const text = 'Hi {{ a.b["c d"][0] | default: "x", 2 | f }}!';
    expect(parseTemplate(text)).toEqual([
      { kind: "text", text: "Hi ", from: 0, to: 3 },
      {
        kind: "expression",
        source: '{{ a.b["c d"][0] | default: "x", 2 | f }}',
        from: 3,
        to: 44,
        root: { kind: "path", stepId: "a", path: ["b", "c d", 0], from: 6, to: 19 },
        filters: [
          {
            name: "default",
            from: 22,
            to: 37,
            args: [
              { kind: "literal", value: "x", from: 31, to: 34 },
              { kind: "literal", value: 2, from: 36, to: 37 },
            ],
          },
          { name: "f", args: [], from: 40, to: 41 },
        ],
      },
      { kind: "text", text: "!", from: 44, to: 45 },
    ]);
  });

  it("have indexes as whole numbers, and no minus zero", () => {
    const [part] = parseTemplate("{{a[-0][007][-2]}}");
    expect(part?.kind === "expression" && part.root.path).toStrictEqual([0, 7, -2]);
  });

  it("read literals, and words only where a path cannot stand", () => {
    const [part] = parseTemplate(
      '{{x | f: true, false, null, -1.5e2, \'it\\\'s\', "\\u00e9\\n", true.a, ["null"]}}',
    );
    const args = part?.kind === "expression" ? part.filters[0]?.args : [];
    expect(args?.map((arg) => (arg.kind === "literal" ? arg.value : [arg.stepId, ...arg.path]))).toEqual([
      true,
      false,
      null,
      -150,
      "it's",
      "é\n",
      ["true", "a"],
      ["null"],
    ]);
  });
});

describe("references in a value", () => {
  it("are listed in order, with their place and whether a default covers them", () => {
    const value = {
      to: "{{trigger.body.email}}",
      headers: [{ value: "{{a.x | upper | default: b.y | append: c.z}} {{now}}" }],
      broken: "{{a.",
      n: 3,
    };
    const source = "{{a.x | upper | default: b.y | append: c.z}}";
    const at = ["headers", 0, "value"];
    expect(referencesIn(value)).toEqual([
      {
        stepId: "trigger",
        path: ["body", "email"],
        hasDefault: false,
        source: "{{trigger.body.email}}",
        at: ["to"],
      },
      { stepId: "a", path: ["x"], hasDefault: true, source, at },
      { stepId: "b", path: ["y"], hasDefault: false, source, at },
      { stepId: "c", path: ["z"], hasDefault: false, source, at },
    ]);
  });

  it("know when a default covers an argument too", () => {
    expect(
      referencesIn("{{a | plus: b | default: c | default: 1}}").map(({ stepId, hasDefault }) => [
        stepId,
        hasDefault,
      ]),
    ).toEqual([
      ["a", true],
      ["b", true],
      ["c", true],
    ]);
  });

  it("written as text are read as they were", () => {
    const part = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("a", "b-c", "__proto__", '"', "\\", "}}", "é", "0"),
      fc.integer(),
    );
    const name = fc.oneof(
      fc.constantFrom("trigger", "true", "null", "now", "__proto__", "9x"),
      fc.string({ unit: "binary" }),
    );
    const reference = fc.record({ stepId: name, path: fc.array(part) });
    const literal = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    );
    const filter = fc.record({
      name: fc.constantFrom("default", "f_1"),
      args: fc.array(fc.oneof(literal, reference)),
    });
    fc.assert(
      fc.property(reference, fc.array(filter), ({ stepId, path }, filters) => {
        const text = referenceText(stepId, path, filters);
        const [read, ...more] = parseTemplate(text);
        if (read?.kind !== "expression") throw new Error(`no expression: ${text}`);
        expect(more).toEqual([]);
        expect(read.source).toBe(text);
        expect([read.root.stepId, read.root.path]).toEqual([stepId, path]);
        const readFilters = read.filters.map((call) => ({
          name: call.name,
          args: call.args.map((arg) =>
            arg.kind === "literal" ? arg.value : { stepId: arg.stepId, path: arg.path },
          ),
        }));
        expect(JSON.stringify(readFilters)).toBe(JSON.stringify(filters));
      }),
      { numRuns: 1_000 },
    );
  });

  it("are written as people write them", () => {
    expect(referenceText("trigger", ["body", "lines", -1, "first name", "content-type", "0"])).toBe(
      '{{trigger.body.lines[-1]["first name"].content-type["0"]}}',
    );
    expect(
      referenceText(
        "a",
        [],
        [{ name: "upper" }, { name: "default", args: ["x", 1, { stepId: "b", path: ["c"] }] }],
      ),
    ).toBe('{{a | upper | default: "x", 1, b.c}}');
  });
});

describe("problems in a template", () => {
  it("name unknown filters, wrong arguments and their fields", () => {
    const value = {
      subject: "{{a | uper}}",
      body: ["ok {{a | upper}}", "{{a | replace: 1}} {{a | truncate: 'x' | zzz}}"],
    };
    expect(problemsInTemplate(value)).toEqual([
      {
        code: "template-unknown-filter",
        sentence: "{{a | uper}}: there is no filter “uper”. Did you mean “upper”?",
        hint: "Pick a filter from the list; the docs page “Templates” explains each one.",
        field: "subject",
      },
      {
        code: "template-filter-argument",
        sentence: "{{a | replace: 1}}: “replace” takes 2 arguments (text, with), and got 1.",
        field: "body.1",
      },
      {
        code: "template-filter-argument",
        sentence:
          "{{a | truncate: 'x' | zzz}}: “truncate” needs a number as its “characters”, and got the text “x”.",
        field: "body.1",
      },
      {
        code: "template-unknown-filter",
        sentence: "{{a | truncate: 'x' | zzz}}: there is no filter “zzz”.",
        hint: "Pick a filter from the list; the docs page “Templates” explains each one.",
        field: "body.1",
      },
    ]);
  });

  it("are none for values without templates", () => {
    expect(problemsInTemplate({ a: [1, null, "x", { b: "}}" }] })).toEqual([]);
  });

  it("finds templates anywhere, and not in keys", () => {
    expect(hasTemplate({ a: [{ b: "x {{y}}" }] })).toBe(true);
    expect(hasTemplate({ "{{y}}": ["x"] })).toBe(false);
    expect(hasTemplate("\\{{")).toBe(true); // has to be rendered, too
  });
});

describe("data", () => {
  it("is read by own properties only", () => {
    for (const key of ["constructor", "toString", "__proto__", "hasOwnProperty", "valueOf", "length"])
      for (const holder of [
        "trigger",
        "trigger.body",
        "trigger.body.lines",
        "trigger.body.customer.name",
        "trigger.body.id",
      ]) {
        expect(errorOf(() => renderNow(`{{${holder}.${key}}}`)).problem.code).toBe("template-missing");
        expect(errorOf(() => renderNow(`{{${holder}["${key}"]}}`)).problem.code).toBe("template-missing");
      }
    expect(errorOf(() => renderNow("{{constructor}}")).problem.code).toBe("template-missing");
    expect(errorOf(() => renderNow("{{__proto__}}")).problem.code).toBe("template-missing");
  });

  it("may have keys with the names of properties every object has", () => {
    const body: unknown = JSON.parse(
      '{"__proto__": {"admin": true}, "constructor": "c", "toString": 1, "length": 2}',
    );
    const data = { trigger: { body } };
    expect(renderNow("{{trigger.body.__proto__.admin}}", data)).toBe(true);
    expect(
      renderNow("{{trigger.body.constructor}}{{trigger.body.toString}}{{trigger.body.length}}", data),
    ).toBe("c12");
    expect(JSON.stringify(renderNow("{{trigger.body}}", data))).toBe(JSON.stringify(body));
    expect(JSON.stringify(renderNow(body, data))).toBe(JSON.stringify(body));
    expect(Object.getPrototypeOf(renderNow("{{trigger.body}}", data))).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  it("is copied, so that a later change does not show", () => {
    const data = { trigger: { list: [{ a: 1 }] } };
    const input = { all: "{{trigger}}", text: ["x"] };
    const rendered = renderNow(input, data);
    data.trigger.list.push({ a: 2 });
    for (const item of data.trigger.list) item.a = 9;
    input.text[0] = "y";
    expect(rendered).toEqual({ all: { list: [{ a: 1 }] }, text: ["x"] });
  });

  it("that JSON cannot carry is left out, and never called", () => {
    const trap = () => {
      throw new Error("called");
    };
    const data = {
      trigger: { f: trap, toJSON: trap, u: undefined, n: Number.NaN, a: [trap, undefined], ok: 1 },
    };
    Object.defineProperty(data.trigger, "getter", { get: trap, enumerable: true });
    expect(renderNow("{{trigger}}", data)).toStrictEqual({ a: [null, null], ok: 1 });
    expect(renderNow("={{trigger}}", data)).toBe('={"a":[null,null],"ok":1}');
    for (const key of ["f", "u", "n", "getter"])
      expect(errorOf(() => renderNow(`{{trigger.${key}}}`, data)).problem.code).toBe("template-missing");
  });

  it("keeps its prototypes untouched", () => {
    const touched: string[] = [];
    const watched = watch({ trigger: { body: { list: [{ a: 1 }, { b: 2 }], text: "x" } } }, touched);
    const templates = [
      "{{trigger.body}} {{trigger.body.list[0].a}}",
      "{{trigger}}",
      "{{trigger.body.list[-1]}}",
      "{{trigger.body | json}} {{trigger.body | keys}} {{trigger.body | entries}} {{trigger.body | size}}",
      "{{trigger.body.list | map: 'constructor'}} {{trigger.body.list | where: '__proto__'}} {{trigger.body.list | sort: 'toString'}}",
      "{{trigger.body.list | unique: 'valueOf'}} {{trigger.body.list | sum: 'a'}} {{trigger.body | get: 'list[0].a'}}",
      "{{trigger.body.list[0].constructor}}",
      "{{trigger.__proto__.polluted}}",
      "{{trigger.body.toString | default: 1}}",
      "{{constructor.constructor}}",
      "{{hasOwnProperty}}",
    ];
    for (const template of templates) {
      try {
        render(template, watched, { now: NOW });
      } catch (error) {
        expect(error).toBeInstanceOf(TemplateError);
      }
    }
    expect(touched).toEqual([]);
  });
});

describe("for all data", () => {
  const key = fc.oneof(
    fc.constantFrom("a", "b", "__proto__", "constructor", "toString", "length", "0", "-1", ""),
    fc.string(),
  );
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom<unknown>(null, true, 0, 1.5, "", "{{a}}"),
      tie("list"),
      tie("record"),
    ),
    list: fc.array(tie("json"), { maxLength: 4 }),
    record: fc
      .array(fc.tuple(key, tie("json")), { maxLength: 4 })
      .map((entries): unknown =>
        JSON.parse(
          `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`,
        ),
      ),
  }));
  const path = fc.array(fc.oneof(key, fc.integer({ min: -3, max: 3 })), { maxLength: 4 });

  /** A random way into the value: mostly one that exists. */
  function wayInto(value: unknown, choices: readonly number[]): PathPart[] {
    const way: PathPart[] = [];
    let here = value;
    for (const choice of choices) {
      const parts: PathPart[] = Array.isArray(here)
        ? [...here.keys()]
        : here && typeof here === "object"
          ? Object.keys(here)
          : [];
      const part = parts[choice % (parts.length + 1)];
      if (part === undefined) break;
      way.push(part);
      here = new Map<PathPart, unknown>(
        Array.isArray(here) ? here.entries() : Object.entries(here as object),
      ).get(part);
    }
    return way;
  }

  /** What a path means, said in another way than the program says it. */
  function lookUp(value: unknown, way: readonly PathPart[]): { found: unknown } | undefined {
    const [part, ...rest] = way;
    if (part === undefined) return { found: value };
    const entries: [PathPart, unknown][] = Array.isArray(value)
      ? value.flatMap((item, index) => [
          [index, item] as [PathPart, unknown],
          [index - value.length, item] as [PathPart, unknown],
        ])
      : typeof value === "object" && value !== null
        ? Object.entries(value)
        : [];
    const entry = entries.find(([name]) => Object.is(name, part));
    return entry && lookUp(entry[1], rest);
  }

  it("a reference is what a plain walk finds, and nothing else", () => {
    fc.assert(
      fc.property(json, path, fc.array(fc.nat(5), { maxLength: 4 }), (value, stray, choices) => {
        for (const way of [stray, wayInto(value, choices), [...wayInto(value, choices), ...stray]]) {
          const template = referenceText("s", way);
          const expected = lookUp(value, way);
          const data = { s: value };
          if (expected === undefined) {
            expect(errorOf(() => renderNow(template, data)).problem.code).toBe("template-missing");
            expect(renderNow(referenceText("s", way, [{ name: "default", args: ["d"] }]), data)).toBe("d");
            continue;
          }
          expect(JSON.stringify(renderNow(template, data))).toBe(JSON.stringify(expected.found));
          expect(renderNow(`=${template}`, data)).toBe(
            `=${typeof expected.found === "string" ? expected.found : expected.found === null ? "" : JSON.stringify(expected.found)}`,
          );
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("a value without templates comes back as it is", () => {
    fc.assert(
      fc.property(json, (value) => {
        fc.pre(!hasTemplate(value));
        expect(JSON.stringify(renderNow(value))).toBe(JSON.stringify(value));
      }),
    );
  });
});

describe("any text as a template", () => {
  const filterNames = FILTERS.map(({ name }) => name);
  const pieces = fc.constantFrom(
    ..."{{ {{ {{ }} }} }} | | | : : , . [ ] ( ) \" ' \\ \\{{ + * - # / ` $ { } = ! ?".split(" "),
    ..."trigger trigger.body trigger.body.id now a default upper true null 0 -1 1e5 __proto__ constructor \u0000 \ud800 é".split(
      " ",
    ),
    ...filterNames,
    " ",
    "\n",
  );
  const texts = fc.oneof(
    fc.array(pieces).map((list) => list.join("")),
    fc.array(pieces).map((list) => `{{trigger.body.${list.join(" ")}}}`),
    fc
      .array(
        fc.tuple(
          fc.constantFrom(...filterNames),
          fc.array(fc.constantFrom("1", '"a"', "null", "trigger.body.id", "trigger.body"), { maxLength: 3 }),
        ),
        { maxLength: 4 },
      )
      .map(
        (calls) =>
          `{{trigger.body${calls.map(([name, args]) => ` | ${name}${args.length > 0 ? `: ${args.join()}` : ""}`).join("")}}}`,
      ),
    fc.string({ unit: "binary" }),
  );

  it("renders, or throws a TemplateError and nothing else", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const isReadable = attempt(() => parseTemplate(text)) !== undefined;
        const problems = problemsInTemplate(text);
        if (!isReadable) expect(problems).toHaveLength(1);
        const rendered = attempt(() => ({ value: renderNow(text) }));
        if (problems.length > 0 && isReadable && !text.includes("default")) expect(rendered).toBeUndefined();
        if (rendered) expect(JSON.stringify(rendered.value)).toBeTypeOf("string");
        expect(Array.isArray(referencesIn(text))).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it("is covered by its parts without a gap", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const parts = attempt(() => parseTemplate(text));
        let at = 0;
        for (const part of parts ?? []) {
          expect(part.from).toBe(at);
          expect(part.to).toBeGreaterThan(at);
          if (part.kind === "expression") expect(part.source).toBe(text.slice(part.from, part.to));
          at = part.to;
        }
        if (parts) expect(at).toBe(text.length);
      }),
      { numRuns: 1_000 },
    );
  });

  function attempt<T>(act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      expect(error).toBeInstanceOf(TemplateError);
      return undefined;
    }
  }
});

describe("budgets", () => {
  const codeOf = (value: unknown, data?: Record<string, unknown>, options?: Partial<RenderOptions>) =>
    errorOf(() => renderNow(value, data, options)).problem.code;

  it("a value has at most 32 levels", () => {
    expect(renderNow(nest(32, "{{trigger.body.id}}"))).toEqual(nest(32, 1042));
    expect(codeOf(nest(33, "x"))).toBe("template-budget");
    expect(problemsInTemplate(nest(33, "x"))[0]?.code).toBe("template-budget");
    expect(hasTemplate(nest(33, "x"))).toBe(true);
    expect(referencesIn(nest(33, "{{a}}"))).toEqual([]);
    const circle: unknown[] = [];
    circle.push(circle);
    expect(codeOf(circle)).toBe("template-budget");
    expect(hasTemplate(circle)).toBe(true);
  });

  it("deep data is refused before it overflows anything", () => {
    const data = { trigger: nest(100_001, 1) };
    for (const template of [
      "{{trigger}}",
      "x{{trigger}}",
      "{{trigger | json}}",
      "{{trigger | pretty}}",
      "{{trigger | unique}}",
    ])
      expect(codeOf(template, data)).toBe("template-budget");
    expect(
      codeOf("{{trigger | concat: other | contains: trigger}}", { ...data, other: [nest(100_001, 2)] }),
    ).toBe("template-budget");
    expect(renderNow("{{trigger}}", { trigger: nest(150, 1) })).toEqual(nest(150, 1));
  });

  it("one template has at most 8,192 characters, however long its text is", () => {
    expect(codeOf(`{{a${".a".repeat(5_000)}}}`)).toBe("template-budget");
    expect(codeOf(`{{a | append: "${"x".repeat(9_000)}"}}`)).toBe("template-budget");
    expect(codeOf(`{{a | append: "${"x".repeat(900_000)}`)).toBe("template-budget");
    expect(codeOf(`{{a${" | trim".repeat(2_000)}}}`)).toBe("template-budget");
    expect(codeOf(`{{${" ".repeat(10_000)}trigger.body.id}}`)).toBe("template-budget");
    const padded = `{{trigger.body.id${" ".repeat(8_192 - 19)}}}`;
    expect(padded).toHaveLength(8_192);
    expect(renderNow(padded)).toBe(1042);
    expect(codeOf(`${padded.slice(0, -2)} }}`)).toBe("template-budget");
    const mail = "x".repeat(100_000);
    expect(renderNow(`${mail}{{trigger.body.id}}${mail}`)).toBe(`${mail}1042${mail}`);
  });

  it("one text has at most 500 templates", () => {
    expect(renderNow("{{trigger.body.id}}".repeat(500))).toHaveLength(2_000);
    expect(codeOf("{{trigger.body.id}}".repeat(501))).toBe("template-budget");
    expect(problemsInTemplate("{{a}}".repeat(100_000))[0]?.code).toBe("template-budget");
  });

  it("a render gives at most 1,000,000 characters in all", () => {
    const data = { trigger: { text: "x".repeat(400_000), many: Array(300_000).fill(1) } };
    expect(renderNow("{{trigger.text}}{{trigger.text}}", data)).toHaveLength(800_000);
    expect(codeOf("{{trigger.text}}{{trigger.text}}{{trigger.text}}", data)).toBe("template-budget");
    expect(codeOf(["{{trigger.text}}", "{{trigger.text}}", ["{{trigger.text}}"]], data)).toBe(
      "template-budget",
    );
    expect(codeOf(["{{trigger.many}}", "{{trigger.many}}"], data)).toBe("template-budget");
    expect(codeOf("x".repeat(1_000_001))).toBe("template-budget");
    expect(
      renderNow("{{trigger.text}}{{trigger.text}}{{trigger.text}}", data, {
        budget: { outputChars: 2_000_000 },
      }),
    ).toHaveLength(1_200_000);
  });

  it("a render does at most 10,000 steps of work in all", () => {
    const many = Array(60).fill("{{trigger.body.id | plus: 1}}".repeat(100));
    expect(codeOf(many)).toBe("template-budget");
    expect(renderNow(many.slice(0, 20))).toHaveLength(20);
    expect(codeOf("{{trigger.body.id}}", scope, { budget: { steps: 2 } })).toBe("template-budget");
  });

  it("says which field went beyond, and what to do", () => {
    const { problem } = errorOf(() =>
      renderNow({ text: "x{{trigger.body}}" }, scope, { budget: { outputChars: 20 } }),
    );
    expect(problem).toEqual({
      code: "template-budget",
      sentence: "A template would give more than 20 characters.",
      hint: "Pick a smaller part of the data, or shorten it with “truncate” or “slice”.",
      field: "text",
    });
  });

  it.each([
    ["{".repeat(100_000), "template-syntax"],
    ["{{".repeat(100_000), "template-syntax"],
    ["{{a}}".repeat(100_000), "template-missing"],
    [`{{a${"[".repeat(100_000)}`, "template-syntax"],
    [`{{a${"[0]".repeat(100_000)}}}`, "template-budget"],
    [`{{a | ${"f:".repeat(100_000)}}}`, "template-syntax"],
    [`{{a | f: ${"1,".repeat(100_000)}}}`, "template-budget"],
    [`{{${"a".repeat(100_000)}}}`, "template-budget"],
    [`{{a | append: ${'"'.repeat(100_000)}}}`, "template-syntax"],
    [`{{a | append: "${"\\".repeat(100_000)}}}`, "template-budget"],
    [`{{a${" ".repeat(100_000)}`, "template-budget"],
  ])("a text made to be slow is refused at once: %#", (text, code) => {
    const limits = code === "template-missing" ? { nodes: 1_000_000 } : {};
    expect(codeOf(text, scope, { budget: limits })).toBe(code);
  });

  it("100,000 braces that are escaped are just braces", () => {
    expect(renderNow("\\{{".repeat(50_000))).toBe("{{".repeat(50_000));
    expect(renderNow("}".repeat(100_000))).toBe("}".repeat(100_000));
    expect(renderNow("\\".repeat(100_000))).toBe("\\".repeat(100_000));
  });
});

describe("attempts to get out of the data", () => {
  it.each([
    "{{7*7}}",
    "{{trigger.constructor}}",
    '{{trigger.constructor.constructor("return process")()}}',
    '{{trigger["constructor"]["constructor"]("return this")()}}',
    "{{trigger.__proto__}}",
    '{{trigger["__proto__"]["polluted"]}}',
    "{{trigger.body.__proto__.toString}}",
    "{{trigger.body.lines.constructor}}",
    "{{trigger.body.lines.map}}",
    "{{trigger.body.customer.name.constructor}}",
    "{{trigger.body.customer.name.at}}",
    "{{trigger.toString()}}",
    "{{trigger.hasOwnProperty}}",
    "{{trigger.__defineGetter__}}",
    "{{trigger.__lookupGetter__('x')}}",
    "{{constructor}}",
    "{{constructor.constructor}}",
    "{{__proto__}}",
    "{{prototype}}",
    "{{process.env}}",
    "{{process.mainModule.require('child_process').execSync('id')}}",
    "{{globalThis}}",
    "{{this}}",
    "{{this.constructor.constructor}}",
    "{{window.location}}",
    "{{self}}",
    "{{require('fs')}}",
    "{{import('fs')}}",
    "{{eval('1')}}",
    "{{Function('return 1')()}}",
    "{{= 1 + 1}}",
    "{{$evalAsync}}",
    "{{$root}}",
    "{{#with trigger as |t|}}{{t}}{{/with}}",
    "{{#each trigger}}{{this}}{{/each}}",
    "{{{trigger.body}}}",
    "{{> partial}}",
    "{{!-- comment --}}",
    "{{lookup trigger 'constructor'}}",
    "{{trigger['con' + 'structor']}}",
    "{{trigger[trigger.body.id]}}",
    "{{trigger.body | constructor}}",
    "{{trigger.body | __proto__}}",
    "{{trigger.body | toString}}",
    "{{trigger.body | hasOwnProperty: 'x'}}",
    '{{trigger.body | get: "constructor.constructor"}}',
    '{{trigger.body | get: "__proto__"}}',
    '{{trigger.body.lines | get: "length"}}',
    "{{trigger.body.customer | get: 'toString'}}",
    "{{trigger?.body}}",
    "{{trigger.body ?? 1}}",
    "{{`${1}`}}",
    "{{(trigger)}}",
    "{{[]}}",
    "{{[].constructor}}",
    '{{["__proto__"].constructor}}',
    "{{trigger.body;alert(1)}}",
    "{{trigger.body\\u002econstructor}}",
    "{{trigger.body.id.toFixed}}",
    "{{now.constructor}}",
    "{% include '/etc/passwd' %}{{x}}",
    "${7*7}{{x}}",
    "<%= 7*7 %>{{x}}",
  ])("%s is refused", (template) => {
    const { code } = errorOf(() => renderNow(template)).problem;
    expect(["template-syntax", "template-missing", "template-unknown-filter"]).toContain(code);
  });

  it("what is not in two braces is only text", () => {
    for (const text of [
      "${7*7}",
      "<%= 7*7 %>",
      "{% include 'x' %}",
      "#{7*7}",
      "[[7*7]]",
      "{7*7}",
      "$(id)",
      "`id`",
    ])
      expect(renderNow(text)).toBe(text);
  });
});

/** A value with this many levels inside each other; a list outside for an odd number. */
function nest(levels: number, inner: unknown): unknown {
  let value = inner;
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** The value behind a proxy that notes every look at a prototype or at a property the object does not have. */
function watch<T extends object>(value: T, touched: string[]): T {
  const proxies = new Map<object, object>();
  return wrap(value) as T;

  function wrap(inner: unknown): unknown {
    if (typeof inner !== "object" || inner === null) return inner;
    const known = proxies.get(inner);
    if (known) return known;
    for (const key of Object.keys(inner)) Reflect.set(inner, key, wrap(Reflect.get(inner, key)));
    const proxy = new Proxy(inner, {
      get(target, key, receiver) {
        // The methods of lists are the program's own; their names never come from a template.
        const isMethod = Array.isArray(target) && (typeof key === "symbol" || METHODS.includes(key));
        if (!Object.hasOwn(target, key) && !isMethod) touched.push(`get ${String(key)}`);
        return Reflect.get(target, key, receiver);
      },
      getPrototypeOf(target) {
        touched.push("getPrototypeOf");
        return Reflect.getPrototypeOf(target);
      },
      has(target, key) {
        if (!Object.hasOwn(target, key)) touched.push(`has ${String(key)}`);
        return Reflect.has(target, key);
      },
      set: () => touched.push("set") === 0,
      defineProperty: () => touched.push("defineProperty") === 0,
      deleteProperty: () => touched.push("deleteProperty") === 0,
      setPrototypeOf: () => touched.push("setPrototypeOf") === 0,
    });
    proxies.set(inner, proxy);
    return proxy;
  }
}

/** `constructor` is asked for by `map` and `filter` themselves, on lists only. */
const METHODS = ["map", "filter", "reduce", "entries", "at", "constructor"];
