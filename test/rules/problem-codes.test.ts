// Every problem code of the sources is explained, and nothing else is: the address in a problem's `type` leads somewhere.

import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { problemType } from "../../shared/problem.ts";
import { CODE_GROUPS, PROBLEM_CODES } from "../../shared/problem-codes.ts";
import { problemsMarkdown } from "../../shared/problem-codes-markdown.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/** Zod's own word for an issue; its other ones have a `_`. */
const NOT_OURS = new Set(["custom"]);

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

interface Found {
  /** Codes that a problem can get. */
  made: string[];
  /** Codes that something is compared with. */
  asked: string[];
  /** What stands after `code:` and cannot be read here. */
  unclear: string[];
}

/** The codes in a source file. `constants` are the texts that the sources give a NAME. */
function codesIn(source: string, constants: Map<string, string>): Found {
  const text = source.replace(/\/\*[\s\S]*?\*\//g, " ").replace(/(^|[\s;{(,])\/\/.*$/gm, "$1");
  const made: string[] = [];
  const unclear: string[] = [];
  // code: "a"    code: x ? "a" : "b"    code: "a" | "b"    code: NAME    const code = …
  for (const [, sign, given = ""] of text.matchAll(/(?<![\w$.])code\??(:|\s=(?!=))\s*([^,;}]+)/g)) {
    const written = given.trim();
    const name = /^[A-Z][A-Z0-9_]+\b/.exec(written)?.[0];
    const codes = name === undefined ? textsOf(written) : [constants.get(name) ?? ""].filter(Boolean);
    made.push(...codes);
    if (sign === ":" && codes.length === 0 && !isPassedOn(written)) unclear.push(written);
  }
  // type SomeCode = "a" | "b";
  for (const [, union = ""] of text.matchAll(/\btype \w*Code\s*=([^;]+)/g))
    made.push(...textsOf(union.trim()));
  // const later = (problemCode: string, …) => …    later("a", …)
  for (const [, name = ""] of text.matchAll(/\b(\w+)(?: = )?\(\s*(?:problemC|c)ode: string,/g)) {
    for (const [, code = ""] of text.matchAll(new RegExp(`\\b${name}\\(\\s*"([^"]+)"`, "g"))) made.push(code);
  }
  return { made: made.filter(isOurs), asked: askedIn(text).filter(isOurs), unclear };
}

/** The texts that an expression can give, or that a union allows; not those that it only compares. */
function textsOf(expression: string): string[] {
  return [...expression.matchAll(/(?:^|[?:|]\s*)"([^"]*)"(?!\s+in\b)/g)].map(([, code = ""]) => code);
}

/** A type, a zod schema, a parameter that is read where it is given, or the code of another error. */
function isPassedOn(written: string): boolean {
  return /^(string|number|z\.|\w+Code\b|"code" in )/.test(written);
}

/** problem.code === "a"    const NAME = new Set(["a"]) … NAME.has(problem.code) */
function askedIn(text: string): string[] {
  const compared = [...text.matchAll(/(?<!typeof [\w.]*)\bcode\s*[!=]==\s*"([^"]+)"/g)].map(
    ([, code = ""]) => code,
  );
  const inSets = [...text.matchAll(/\b(\w+)\.has\((?:\w+\.)*code\)/g)].flatMap(([, name = ""]) => {
    const list = new RegExp(`\\b${name} = new Set\\(\\[([^\\]]*)`).exec(text)?.[1] ?? "";
    return [...list.matchAll(/"([^"]+)"/g)].map(([, code = ""]) => code);
  });
  return [...compared, ...inSets];
}

/** Node's own codes are in capitals, as the data of examples mostly is. */
function isOurs(code: string): boolean {
  return KEBAB.test(code) && !NOT_OURS.has(code);
}

function sources(): Map<string, string> {
  const files = ["shared", "server", "client"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes("/dist"))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
      .filter((file) => !file.startsWith("shared/problem-codes")),
  );
  return new Map(files.map((file) => [file, readFileSync(join(ROOT, file), "utf8")]));
}

function constantsOf(texts: Iterable<string>): Map<string, string> {
  return new Map(
    [...texts]
      .flatMap((text) => [...text.matchAll(/\bconst ([A-Z][A-Z0-9_]+) = "([^"]+)"/g)])
      .map(([, name = "", value = ""]) => [name, value]),
  );
}

const texts = sources();
const constants = constantsOf(texts.values());
const found = [...texts].map(([file, text]) => ({ file, ...codesIn(text, constants) }));

/** "code (file)" for those that are not explained. */
function unexplained(which: "made" | "asked"): string[] {
  return found.flatMap(({ file, ...codes }) =>
    codes[which].filter((code) => !Object.hasOwn(PROBLEM_CODES, code)).map((code) => `${code} (${file})`),
  );
}

describe("problem codes", () => {
  test("of the sources are all explained in shared/problem-codes-*.ts", () => {
    expect(unexplained("made")).toEqual([]);
  });

  test("that are explained can all happen", () => {
    const made = new Set(found.flatMap((file) => file.made));
    expect(Object.keys(PROBLEM_CODES).filter((code) => !made.has(code))).toEqual([]);
  });

  test("that something is compared with exist", () => {
    expect(unexplained("asked")).toEqual([]);
  });

  test("are written so that this test can read them", () => {
    expect(found.filter(({ unclear }) => unclear.length > 0)).toEqual([]);
  });

  test("stand in one group only, in kebab-case, with what they mean and the next move", () => {
    const all = CODE_GROUPS.flatMap(({ codes }) => Object.entries(codes));
    expect(all.length).toBe(Object.keys(PROBLEM_CODES).length);
    for (const [code, { what, next }] of all) {
      expect(code).toMatch(KEBAB);
      expect(what, code).toMatch(/^“?\p{Lu}.*\.$/u);
      expect(next, code).toMatch(/^\p{Lu}.*[.…]$/u);
    }
  });

  test.each([
    ['throw new Refused({ code: "a-b", sentence });', ["a-b"]],
    ['const problem = { code: status === 429 ? "a" : "b", sentence };', ["a", "b"]],
    ['const code = isOld ? "a" : "b";', ["a", "b"]],
    ['  code:\n    kind === "x"\n      ? "a"\n      : "b",', ["a", "b"]],
    ['interface Bad {\n  code: "a" | "b";\n}', ["a", "b"]],
    ['export type AcmeCode =\n  | "a"\n  | "b";', ["a", "b"]],
    ["throw new Refused({ code: SOME_NAME });", ["some-name"]],
    [
      'const later = (problemCode: string, sentence: string) =>\n  new TryLater({ code: problemCode, sentence });\nreturn later(\n  "a",\n  "x",\n);',
      ["a"],
    ],
    ['function bad(code: string, sentence: string) {}\nthrow bad("a", "x");', ["a"]],
    ['ctx.addIssue({ code: "custom", message });', []],
    ['// { code: "a" }\n/* { code: "b" } */', []],
    ['Object.assign(new Error(), { code: "ECONNRESET" });', []],
    ['const address = { country_code: "gb" };', []],
  ])("%j has the codes %j", (source, codes) => {
    expect(codesIn(source, new Map([["SOME_NAME", "some-name"]])).made).toEqual(codes);
  });

  test.each([
    ['if (problem.code === "a-b") return;', ["a-b"]],
    ['const UNSURE = new Set(["a", "b"]);\nif (UNSURE.has(problem.code)) ask();', ["a", "b"]],
    ['if (issue.code === "invalid_type") return;', []],
    ['if (typeof error.code === "string") return;', []],
  ])("%j asks for %j", (source, codes) => {
    expect(codesIn(source, new Map()).asked).toEqual(codes);
  });

  test("that nobody can read off are found", () => {
    expect(codesIn("throw new Refused({ code: codeFor(error), sentence });", new Map()).unclear).toEqual([
      "codeFor(error)",
    ]);
  });
});

describe("docs/problems.md", () => {
  const page = readFileSync(join(ROOT, "docs/problems.md"), "utf8");

  test("is up to date", () => {
    expect(page === problemsMarkdown(), "docs/problems.md is old: node test/docs/write-problems-doc.ts").toBe(
      true,
    );
  });

  test("has a heading for every code, by which the address of its explanation leads to it", () => {
    const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
      heading.toLowerCase().replaceAll(" ", "-"),
    );
    for (const code of Object.keys(PROBLEM_CODES)) {
      const [, anchor] = problemType(code).split("#");
      expect(
        anchors.filter((each) => each === anchor),
        code,
      ).toHaveLength(1);
    }
  });
});
