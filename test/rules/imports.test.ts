// Imports go one way, and packages live where the plan puts them: the table below is that plan.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");

interface Rule {
  /** Files that the rule is for: the first rule that fits counts. */
  files: RegExp;
  /** What of the project they may import, by path from the top. */
  may: RegExp[];
  /** Which packages, `node:` ones among them. */
  packages: RegExp;
}

const PURE = /^(zod|@noble\/hashes\/)/;
const ANY_NODE = /^node:/;

const RULES: Rule[] = [
  { files: /^shared\//, may: [/^shared\//], packages: PURE },
  { files: /^server\/ports\//, may: [/^shared\//, /^server\/ports\//], packages: /^$/ },
  // The kit gives connectors their words, so that they need to know no port.
  { files: /^server\/connectors\/kit\.ts$/, may: [/^shared\//, /^server\/ports\//], packages: /^zod$/ },
  {
    files: /^server\/connectors\/registry\.ts$/,
    may: [/^shared\//, /^server\/connectors\//],
    packages: /^$/,
  },
  {
    files: /^server\/connectors\/new-connector\.ts$/,
    may: [/^shared\//, /^server\/connectors\//],
    packages: /^node:/,
  },
  {
    files: /^server\/connectors\/schedule\.ts$/,
    may: [/^shared\//, /^server\/connectors\/kit\.ts$/],
    packages: /^(zod|croner)$/,
  },
  { files: /^server\/connectors\//, may: [/^shared\//, /^server\/connectors\/kit\.ts$/], packages: /^zod$/ },
  {
    files: /^server\/verify\//,
    may: [/^shared\//, /^server\/ports\//, /^server\/verify\//],
    packages: /^(node:(crypto|zlib)|jose|ipaddr\.js)$/,
  },
  {
    files: /^server\/senders\//,
    may: [/^shared\//, /^server\/verify\//, /^server\/senders\//],
    packages: /^node:crypto$/,
  },
  {
    files: /^server\/formats\//,
    may: [/^shared\//, /^server\/formats\//],
    packages: /^(node:crypto|fast-xml-parser)$/,
  },
  {
    files: /^server\/engine\//,
    may: [
      /^shared\//,
      /^server\/ports\//,
      /^server\/(verify|formats)\//,
      /^server\/engine\//,
      /^server\/connectors\/(registry|kit)\.ts$/,
      /^server\/(vault|connection-seal|catch-seal)\.ts$/,
    ],
    packages: /^$/,
  },
  {
    files: /^server\/adapters\/mongo-/,
    may: [/^shared\//, /^server\/(ports|adapters)\//],
    packages: /^mongoose$/,
  },
  {
    files: /^server\/adapters\/redis-/,
    may: [/^shared\//, /^server\/(ports|adapters)\//],
    packages: /^(node:|bullmq$|ioredis$|rate-limiter-flexible$)/,
  },
  {
    files: /^server\/adapters\/sqlite-/,
    may: [/^shared\//, /^server\/(ports|adapters)\//],
    packages: ANY_NODE,
  },
  {
    files: /^server\/adapters\//,
    may: [/^shared\//, /^server\/(ports|adapters)\//],
    packages: /^(node:|undici$|nodemailer|ipaddr\.js$)/,
  },
  {
    files: /^server\/(main|start|storage|listen|token|dev|migrate(-\w+)?)\.ts$/,
    may: [/^shared\//, /^server\//],
    packages: /^(node:|express$|vite$|zod$)/,
  },
  { files: /^server\/metrics\.ts$/, may: [/^shared\//], packages: /^prom-client$/ },
  {
    files: /^server\//,
    may: [/^shared\//, /^server\/(?!adapters\/(?!address-guard\.ts))/],
    packages:
      /^(node:|zod$|express$|helmet$|compression$|pino$|proxy-addr$|rate-limiter-flexible$|@node-rs\/argon2$)/,
  },
  {
    files: /^client\/(build|vite\.config|connector-icons)\.ts$/,
    may: [/^client\//],
    packages: /^(node:|vite$|@vitejs\/)/,
  },
  {
    files: /^client\/editor\//,
    may: [/^shared\//, /^client\//],
    packages:
      /^(react|react-dom|react-router|@mantine\/|@tanstack\/|@tabler\/|@xyflow\/react|zod$|zustand|@dagrejs\/dagre$|@codemirror\/)/,
  },
  {
    files: /^client\//,
    may: [/^shared\//, /^client\//],
    packages: /^(react|react-dom|react-router|@mantine\/|@tanstack\/|@tabler\/|zod$|virtual:)/,
  },
];

const TYPE_ONLY_PACKAGES = /^(node:|vite\/client$)/;

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes("/dist"))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

interface Import {
  what: string;
  typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), "utf8")
    .replace(/`(?:\\.|[^`\\])*`/gs, "``")
    .replace(/^\s*(\/\/|\*).*$/gm, "");
  const found = text.matchAll(
    /(?:^|[;}\s])(import|export)\s+(type\s)?[^"'`;()]*?from\s+"([^"]+)"|import\s+"([^"]+)"|import\(\s*"([^"]+)"\s*\)/g,
  );
  return [...found].map((m) => ({ what: m[3] ?? m[4] ?? m[5] ?? "", typeOnly: m[2] !== undefined }));
}

const files = ["shared", "server", "client"].flatMap(filesBelow);

describe("imports", () => {
  test.each(files)("of %s keep to the plan", (file) => {
    const rule = RULES.find(({ files: fits }) => fits.test(file));
    if (!rule) throw new Error(`no rule is for ${file}`);
    for (const { what, typeOnly } of importsOf(file)) {
      const inside = what.startsWith(".") ? relative(ROOT, resolve(ROOT, dirname(file), what)) : null;
      const fine =
        inside === null
          ? rule.packages.test(what) || (typeOnly && TYPE_ONLY_PACKAGES.test(what))
          : rule.may.some((path) => path.test(inside)) || /\.(css|svg|json)$/.test(inside);
      expect(fine, `${file} must not import ${what}`).toBe(true);
    }
  });

  test("the rule sees imports at all", () => {
    expect(importsOf("server/engine/advance.ts").map((i) => i.what)).toContain("./plan.ts");
    expect(files.length).toBeGreaterThan(50);
  });

  test("no file re-exports a folder, and none is called by what it is not", () => {
    const names = files.map((file) => file.slice(file.lastIndexOf("/") + 1));
    const forbidden = /^(index|utils?|helpers?|common|services?|types)\.tsx?$/;
    expect(names.filter((name) => forbidden.test(name))).toEqual([]);
  });

  test("every file says in its first line what it is for", () => {
    const silent = files.filter((file) => !/^(\/\/|\/\*)/.test(readFileSync(join(ROOT, file), "utf8")));
    expect(silent).toEqual([]);
  });
});
