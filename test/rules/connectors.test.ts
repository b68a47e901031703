// What every connector has to be: found, explained, played, and kept to its kit.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { EXAMPLE_KEY } from "../../server/connectors/kit.ts";
import { connectors, manifests } from "../../server/connectors/registry.ts";
import { Control, type FieldSpec } from "../../shared/field.ts";
import { findFilter } from "../../shared/filters.ts";
import { Edge, Step } from "../../shared/graph.ts";
import { problemsInTemplate } from "../../shared/template.ts";

const folder = new URL("../../server/connectors/", import.meta.url);
const icons = new URL("../../node_modules/@tabler/icons-react/dist/esm/icons/", import.meta.url);
const KIT = ["kit.ts", "registry.ts", "new-connector.ts"];
const files = readdirSync(folder).filter((name) => name.endsWith(".ts") && !KIT.includes(name));

/** Packages that one connector may use besides zod. */
const PACKAGES: Record<string, string[]> = { "schedule.ts": ["croner"] };

test("every file is a connector in the registry, under its own name", () => {
  expect(files.map((name) => name.slice(0, -3)).sort()).toEqual(connectors.map((c) => c.id).sort());
});

test("ids and names are given once", () => {
  const names = connectors.map((c) => c.name);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(connectors.map((c) => c.id)).size).toBe(connectors.length);
});

test("the manifests are plain data", () => {
  expect(JSON.parse(JSON.stringify(manifests))).toEqual(manifests);
});

describe.each(files)("%s", (name) => {
  const source = readFileSync(new URL(name, folder), "utf8");

  test("imports its kit and shared, and nothing else", () => {
    const statements = source.matchAll(/^(?:import|export)\b[^;]*?"([^"]+)";$|\bimport\(\s*"([^"]+)"/gm);
    const imports = [...statements].map(([, path, lazy]) => path ?? lazy ?? "");
    expect(imports).toContain("./kit.ts");
    const packages = ["zod", ...(PACKAGES[name] ?? [])];
    const foreign = imports.filter(
      (path) => path !== "./kit.ts" && !path.startsWith("../../shared/") && !packages.includes(path),
    );
    expect(foreign).toEqual([]);
  });

  test("asks the world for everything: no request, clock, chance or log of its own", () => {
    const own =
      /\bfetch\(|\bprocess\.|Date\.now\(|new Date\(\)|setTimeout|setInterval|Math\.random|randomUUID|console\./;
    expect(source.match(own)?.[0]).toBeUndefined();
  });

  test("its first line says what it is for", () => {
    expect(source).toMatch(/^\/\/ .{20,}\.\n/);
  });
});

describe.each(manifests.map((manifest) => [manifest.id, manifest] as const))("%s", (id, manifest) => {
  const things = [...manifest.triggers, ...manifest.actions];

  test("can be shown", () => {
    expect(id).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(manifest.name).not.toBe("");
    expect(manifest.description).toMatch(/\.$/);
    expect(manifest.color).toMatch(/^#[0-9a-f]{6}$/);
    for (const icon of [manifest.icon, ...things.map((one) => one.icon)]) {
      if (icon !== undefined) expect(iconExists(icon), `there is no icon “${icon}”`).toBe(true);
    }
  });

  test("has something that can be used", () => {
    expect(things.length).toBeGreaterThan(0);
    for (const one of things) {
      expect(Step.shape.uses.safeParse(one.uses).success, one.uses).toBe(true);
      expect(one.name, one.uses).toMatch(/^\S.{2,39}$/);
      expect(one.description, one.uses).toMatch(/\.$/);
      expect(one.sample, `${one.uses} has no sample`).not.toBeNull();
      expect(one.sample, `${one.uses} has no sample`).toBeDefined();
    }
    expect(new Set(things.map((one) => one.name)).size).toBe(things.length);
  });

  test("its fields explain themselves", () => {
    for (const one of things) checkFields(one.fields, one.uses);
    if (manifest.connection) {
      checkFields(manifest.connection.fields, `${id}, connection`);
      expect(manifest.connection.help, "the connection says where to find its values").toMatch(/\.$/);
    }
  });

  test("what opens a door is a secret", () => {
    const named = /password|token|secret|apikey|webhookurl|^key$/i;
    const open = (manifest.connection?.fields ?? []).filter(
      (f) => named.test(f.key) && f.control !== "secret",
    );
    expect(open.map((f) => f.key)).toEqual([]);
    const inSteps = things.flatMap((one) => one.fields).filter((f) => f.control === "secret");
    expect(
      inSteps.map((f) => f.key),
      "secrets belong in connections",
    ).toEqual([]);
  });
});

const actions = connectors.flatMap((c) =>
  Object.entries(c.actions).map(([key, action]) => [`${c.id}.${key}`, action, c.connection] as const),
);

describe.each(actions)("%s", (_, action, connection) => {
  test("has examples that fill in known fields only, each under a name of its own", () => {
    expect(action.examples.length).toBeGreaterThan(0);
    const names = action.examples.map((e) => e.name);
    expect(new Set(names).size).toBe(names.length);
    const inputs = new Set(action.fields.map((f) => f.key));
    const auths = new Set(action.connection === "none" ? [] : connection?.specs.map((f) => f.key));
    for (const { input, auth = {} } of action.examples) {
      expect(Object.keys(input).filter((key) => !inputs.has(key))).toEqual([]);
      expect(Object.keys(auth).filter((key) => !auths.has(key))).toEqual([]);
    }
  });

  test("says whether it may be repeated, and proves that the key goes out", () => {
    expect(["safe", "with key", "ask"]).toContain(action.repeat);
    if (action.repeat === "with key") {
      expect(JSON.stringify(action.examples.map((e) => [e.exchanges, e.mails]))).toContain(EXAMPLE_KEY);
    }
  });

  test("its ports can be drawn", () => {
    const ports = action.ports.kind === "fixed" ? action.ports.ports : [action.ports.else];
    for (const port of ports) expect(Edge.shape.port.safeParse(port.id).success).toBe(true);
    expect(new Set(ports.map((p) => p.id)).size).toBe(ports.length);
    expect(ports.map((p) => p.id)).not.toContain("error");
    if (action.ports.kind === "cases") {
      const { field } = action.ports;
      expect(action.fields.find((f) => f.key === field)?.control).toBe("cases");
    }
  });
});

function checkFields(fields: FieldSpec[], where: string): void {
  for (const field of fields) {
    const at = `${where}, ${field.key}`;
    expect(field.label, at).toMatch(/^\S/);
    expect(field.label, `${at} has no label`).not.toBe(field.key);
    expect(Control.safeParse(field.control).success, at).toBe(true);
    // A sentence, or an example at its end.
    expect(field.help, `${at} has no help`).toMatch(/^.{8,}/s);
    checkTemplates(`${field.help} ${field.placeholder}`, at);
    if (field.control === "select") {
      expect(
        field.options?.map((o) => o.value),
        at,
      ).toContain(field.default);
    }
    if (field.showIf) {
      const other = fields.find((f) => f.key === field.showIf?.field);
      expect(other, `${at} is shown by a field that is not there`).toBeDefined();
      const values: unknown[] = other?.options?.map((o) => o.value) ?? [true, false];
      for (const value of field.showIf.in) expect(values, at).toContain(value);
      expect(field.required, `${at} is required and can be hidden`).toBe(false);
    }
    if (field.requiredWhenShown)
      expect(field.showIf, `${at} is always shown: make it required`).toBeDefined();
    if (field.items) checkFields(field.items, at);
  }
}

/** What a help text tells people to write has to work. */
function checkTemplates(text: string, at: string): void {
  const written = text.match(/\{\{[^{}…]+\}\}/g) ?? [];
  expect(problemsInTemplate(written), at).toEqual([]);
  for (const [, name = ""] of text.matchAll(/“\| ([a-z_]+)/g)) {
    expect(findFilter(name), `${at}: there is no filter “${name}”`).toBeDefined();
  }
}

function iconExists(name: string): boolean {
  const pascal = name.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return existsSync(new URL(`Icon${pascal}.mjs`, icons));
}
