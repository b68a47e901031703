// The scaffold: what it writes has to work at once.

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import type { Connector } from "../../../server/connectors/kit.ts";
import {
  addToRegistry,
  connectorText,
  constantOf,
  createConnector,
  nameOf,
  testText,
  whyNotId,
} from "../../../server/connectors/new-connector.ts";
import { playExample } from "../../kit/playback.ts";

const repository = join(import.meta.dirname, "..", "..", "..");

test.each(["acme", "acme-mail", "x", "b2b", "new", "delete", "z", "a1-2b"])(
  "“%s” is an id, and gives code that parses",
  (id) => {
    expect(whyNotId(id)).toBeUndefined();
    expect(() => stripTypeScriptTypes(connectorText(id))).not.toThrow();
    expect(() => stripTypeScriptTypes(testText(id))).not.toThrow();
    expect(() => new Function(`const ${constantOf(id)} = 1;`)).not.toThrow();
  },
);

test.each([
  "",
  "Acme",
  "acme_mail",
  "-acme",
  "acme-",
  "a--b",
  "1acme",
  "../evil",
  "a/b",
  "a b",
  "kit",
  "registry",
  "new-connector",
  "a".repeat(41),
])("“%s” is refused", (id) => {
  expect(whyNotId(id)).toBeTypeOf("string");
});

test("names", () => {
  expect(constantOf("acme-mail")).toBe("acmeMail");
  expect(constantOf("delete")).toBe("deleteConnector");
  expect(nameOf("acme-mail")).toBe("Acme Mail");
});

describe("the registry", () => {
  const registry = readFileSync(join(repository, "server/connectors/registry.ts"), "utf8");
  const added = (id: string) =>
    addToRegistry(registry, id)
      .split("\n")
      .filter((line) => !registry.includes(line));

  test("gets an import and an entry, and keeps everything else", () => {
    const edited = addToRegistry(registry, "acme-mail");
    expect(edited).toContain('import { acmeMail } from "./acme-mail.ts";\n');
    expect(edited).toMatch(/connectors: Connector\[\] = \[[^\]]*\bacmeMail,?\s*\];/);
    const without = edited.replace(/import \{ acmeMail \}.*\n/, "").replace(/,\s*acmeMail,?\s*\]/, "]");
    expect(without.replace(/\s+/g, "")).toBe(registry.replace(/\s+/g, "").replace(",]", "]"));
  });

  test("imports stand in the order of the alphabet", () => {
    for (const id of ["aaa", "mmm", "zzz"]) {
      const paths = [...addToRegistry(registry, id).matchAll(/from "\.\/([a-z-]+)\.ts"/g)].map(
        ([, path]) => path,
      );
      expect(paths).toEqual(paths.toSorted());
      expect(added(id).length).toBeLessThanOrEqual(connectorsOnLines(registry) + 2);
    }
  });

  test("without its list it is not touched", () => {
    expect(() => addToRegistry("export const other = [];\n", "acme")).toThrow("by hand");
  });
});

describe("in a copy of the repository", () => {
  const root = mkdtempSync(join(tmpdir(), "flowcatch-new-connector-"));
  afterAll(() => rmSync(root, { recursive: true }));
  for (const name of ["server", "shared", "test/kit"]) {
    cpSync(join(repository, name), join(root, name), { recursive: true });
  }
  cpSync(
    join(repository, "test/server/connectors/examples.test.ts"),
    join(root, "test/server/connectors/examples.test.ts"),
  );
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
  writeFileSync(join(root, "package.json"), '{ "type": "module" }');

  test("what is written plays its example", async () => {
    expect(createConnector(root, "acme-mail")).toEqual({
      written: [
        "server/connectors/acme-mail.ts",
        "test/server/connectors/acme-mail.test.ts",
        "server/connectors/registry.ts",
      ],
    });
    const path = pathToFileURL(join(root, "server/connectors/acme-mail.ts")).href;
    const { acmeMail }: { acmeMail: Connector } = await import(/* @vite-ignore */ path);
    const actions = Object.values(acmeMail.actions);
    expect(actions).toHaveLength(1);
    for (const action of actions) for (const example of action.examples) await playExample(action, example);
  });

  test("it is typed, and formatted", { timeout: 60_000 }, () => {
    const mine = [
      "server/connectors/acme-mail.ts",
      "test/server/connectors/acme-mail.test.ts",
      "server/connectors/registry.ts",
    ];
    const { compilerOptions } = JSON.parse(readFileSync(join(repository, "tsconfig.json"), "utf8"));
    writeFileSync(join(root, "tsconfig.json"), JSON.stringify({ compilerOptions, include: mine }));
    cpSync(join(repository, "biome.json"), join(root, "biome.json"));
    const bin = (name: string, ...args: string[]) => {
      const { stdout, stderr } = spawnSync(join(repository, "node_modules/.bin", name), args, {
        cwd: root,
        encoding: "utf8",
      });
      return `${stdout}${stderr}`;
    };
    // Files that these import may be in the middle of a change: only their own lines count.
    expect(
      bin("tsc", "--noEmit", "--pretty", "false")
        .split("\n")
        .filter((line) => /acme|registry/.test(line)),
    ).toEqual([]);
    expect(bin("biome", "check", ...mine)).toContain("No fixes applied");
  });

  test("a second time, and over a file that is there, it refuses", () => {
    expect(createConnector(root, "acme-mail")).toMatchObject({
      refused: expect.stringContaining("is there already"),
    });
    expect(createConnector(root, "slack")).toMatchObject({
      refused: expect.stringContaining("slack.ts is there already"),
    });
    expect(createConnector(root, "../acme")).toMatchObject({
      refused: expect.stringContaining("can't be the id"),
    });
  });
});

/** A list that does not fit on one line any more is written anew, one entry a line. */
function connectorsOnLines(registry: string): number {
  return /connectors: Connector\[\] = \[([^\]]*)\]/.exec(registry)?.[1]?.split(",").length ?? 0;
}
