// How much a first visit loads: the page, the entry with everything that it imports, the styles, and the font of the text.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const DIST = `${ROOT}client/dist/`;
const MOST = 350_000;

beforeAll(() => {
  execFileSync(process.execPath, ["client/build.ts", "--if-needed"], { cwd: ROOT });
}, 120_000);

test("a first visit loads less than 350 kB", () => {
  const sizes = new Map(firstLoad().map((file) => [file, sizeOf(file)]));
  const sum = [...sizes.values()].reduce((all, one) => all + one, 0);
  const table = [...sizes].map(([file, size]) => `${file}: ${size}`).join("\n");
  expect(sizes.size).toBeGreaterThan(3);
  expect(sum, table).toBeLessThan(MOST);
});

test("the canvas and the code editor come with the pages that need them", () => {
  const scripts = firstLoad().filter((file) => file.endsWith(".js"));
  const all = readdirSync(`${DIST}assets`).map((name) => `assets/${name}`);
  for (const mark of ["react-flow__", "cm-editor"]) {
    const carriers = all.filter((file) => file.endsWith(".js") && read(file).includes(mark));
    expect(
      carriers.filter((file) => scripts.includes(file)),
      mark,
    ).toEqual([]);
  }
  expect(all.some((file) => file.endsWith(".js") && read(file).includes("react-flow__"))).toBe(true);
});

/** The files that the browser fetches before anybody clicks. */
function firstLoad(): string[] {
  const page = read("index.html");
  const named = [...page.matchAll(/(?:src|href)="\/((?:assets\/)?[\w.-]+\.(?:js|css))"/g)].map(
    (m) => m[1] ?? "",
  );
  const files = new Set(["index.html", ...named]);
  // A set that grows while it is gone through: imports of imports are found, too.
  for (const file of files) {
    if (!file.endsWith(".js")) continue;
    for (const [, name] of read(file).matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g))
      files.add(`assets/${name}`);
  }
  const font = readdirSync(`${DIST}assets`).find((name) => name.startsWith("geist-latin-wght"));
  return [...files, ...(font ? [`assets/${font}`] : [])].filter((file) => existsSync(DIST + file));
}

function read(file: string): string {
  return readFileSync(DIST + file, "utf8");
}

/** As it goes over the wire; a font is compressed already. */
function sizeOf(file: string): number {
  const bytes = readFileSync(DIST + file);
  return file.endsWith(".woff2") ? bytes.byteLength : gzipSync(bytes).byteLength;
}
