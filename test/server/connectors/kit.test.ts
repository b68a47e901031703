// The kit: what a person reads when an input is wrong, and what the editor is told about a connector.

import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  action,
  connection,
  connector,
  done,
  manifestOf,
  parseFields,
  trigger,
} from "../../../server/connectors/kit.ts";
import { field, fieldsOf } from "../../../shared/field.ts";
import { Refused } from "../../../shared/problem.ts";
import { playAction } from "../../kit/playback.ts";

describe("an input that is wrong is named by its label", () => {
  const schema = z.object({
    to: field.text({ label: "To" }),
    count: field.number({ label: "Count", min: 1, max: 9, whole: true, default: 1 }),
    mode: field.select(["a", "b"], { label: "Mode", default: "a" }),
    on: field.toggle({ label: "On", default: false }),
    rows: field.rows({ name: field.text({ label: "Name" }) }, { label: "Rows" }),
    list: field.list({ label: "List" }),
    file: field.file({ label: "File" }),
  });

  test.each([
    [{}, "“To” is missing."],
    [{ to: null }, "“To” is missing."],
    [{ to: "" }, "“To” must not be empty."],
    [{ to: { a: 1 } }, "“To” must be a text."],
    [{ to: "x", count: "many" }, "“Count” must be a number."],
    [{ to: "x", count: 1.5 }, "“Count” must be a whole number."],
    [{ to: "x", count: 0 }, "“Count” must be at least 1."],
    [{ to: "x", count: 10 }, "“Count” must be at most 9."],
    [{ to: "x", mode: "c" }, "“Mode” must be one of: a, b."],
    [{ to: "x", on: "perhaps" }, "“On” must be yes or no."],
    [{ to: "x", rows: [{ name: "a" }, {}] }, "“Rows, entry 2, name” is missing."],
    [{ to: "x", rows: 5 }, "“Rows” must be a list."],
    [{ to: "x", list: [{}] }, "“List, entry 1” must be a text."],
    [{ to: "x", file: {} }, "“File” must be a text or a file."],
    [[], "The step"],
  ])("%j: %s", (values, sentence) => {
    const given = Array.isArray(values) ? values : { file: "text", ...values };
    expect(() => parseFields(schema, given, "The step")).toThrow(sentence);
  });

  test("what a template gives is taken where it can be meant", () => {
    const given = {
      to: 5,
      count: "3",
      mode: "",
      on: "yes",
      list: [["a", 1]],
      file: { base64: "AA==", size: 1 },
    };
    expect(parseFields(schema, given, "The step")).toEqual({
      to: "5",
      count: 3,
      mode: "a",
      on: true,
      rows: [],
      list: ["a", "1"],
      file: { base64: "AA==" },
    });
  });
});

test("a field says whether it has to be filled in, and what it starts with", () => {
  const specs = fieldsOf(
    z.object({
      a: field.text({ label: "A" }),
      b: field.dateOptional({ label: "B" }),
      c: field.conditions({ label: "C" }),
      d: field.cases({ label: "D", taken: ["no"] }),
      e: field.file({ label: "E" }),
      f: field.number({ label: "F", default: 2, whole: true }),
    }),
  );
  expect(
    specs.map(({ key, control, required, default: start }) => [key, control, required, start !== undefined]),
  ).toEqual([
    ["a", "text", true, false],
    ["b", "date", false, false],
    ["c", "conditions", true, true],
    ["d", "cases", true, true],
    ["e", "longText", true, false],
    ["f", "number", false, true],
  ]);
});

describe("connections", () => {
  const key = connection({
    fields: z.object({ key: field.secret({ label: "Key" }) }),
    check: async ({ auth }) => `has ${auth.key}`,
  });
  const text = { name: "T", description: "", input: z.object({}), repeat: "safe" as const };
  const examples: [{ name: string; input: object & Record<string, unknown> }] = [{ name: "one", input: {} }];
  const required = action({ ...text, examples, connection: key, run: ({ auth }) => done(auth.key) });
  const optional = action({
    ...text,
    examples,
    connection: key,
    optional: true,
    run: ({ auth }) => done(auth?.key ?? "none"),
  });
  const none = action({ ...text, examples, run: ({ auth }) => done(auth ?? "none") });

  test("one that must be there is asked for", async () => {
    await expect(playAction(required, { input: {} })).rejects.toThrow("This step has no connection.");
    await expect(playAction(required, { input: {}, auth: {} })).rejects.toThrow(
      "The connection: “Key” is missing.",
    );
    expect(await playAction(required, { input: {}, auth: { key: "k" } })).toMatchObject({ output: "k" });
  });

  test("one that may be there is checked when it is", async () => {
    expect(await playAction(optional, { input: {} })).toMatchObject({ output: "none" });
    await expect(playAction(optional, { input: {}, auth: {} })).rejects.toBeInstanceOf(Refused);
  });

  test("an action without one never sees credentials", async () => {
    expect(await playAction(none, { input: {}, auth: { key: "k" } })).toMatchObject({ output: "none" });
  });

  test("the manifest tells what the editor needs, and nothing that only the server may know", () => {
    const manifest = manifestOf(
      connector({
        id: "acme",
        name: "Acme",
        description: "d",
        color: "#000000",
        icon: "plug",
        connection: key,
        triggers: {
          tick: trigger({
            name: "Tick",
            description: "",
            input: z.object({}),
            sample: 1,
            next: (_, after) => after + 1,
          }),
        },
        actions: {
          required,
          loop: action({
            ...text,
            icon: "repeat",
            examples: [{ name: "", input: {}, output: 1, sample: 2 }],
            run: () => done(1),
          }),
        },
      }),
    );
    expect(JSON.parse(JSON.stringify(manifest))).toEqual({
      id: "acme",
      name: "Acme",
      description: "d",
      color: "#000000",
      icon: "plug",
      connection: { fields: [{ key: "key", label: "Key", control: "secret", required: true, secret: true }] },
      triggers: [
        { uses: "acme.tick", name: "Tick", description: "", fields: [], starts: "schedule", sample: 1 },
      ],
      actions: [
        {
          uses: "acme.required",
          name: "T",
          description: "",
          fields: [],
          ports: { kind: "fixed", ports: [{ id: "main", label: "" }] },
          repeat: "safe",
          connection: "required",
          sample: null,
          sampleInput: {},
        },
        {
          uses: "acme.loop",
          name: "T",
          description: "",
          icon: "repeat",
          fields: [],
          ports: { kind: "fixed", ports: [{ id: "main", label: "" }] },
          repeat: "safe",
          connection: "none",
          sample: 2,
          sampleInput: {},
        },
      ],
    });
  });
});
