// A copy of the tree to break things in, and the tests run in it. The tree itself is never changed.

import { execFileSync, spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** How long the tests of one mutant may take: a mutant that makes them hang has not been noticed by them. */
const LONGEST_MS = 240_000;

/** What a run of tests came to; `unclear` when it failed without any test failing. */
export type Verdict = { kind: "green" } | { kind: "failed"; test: string } | { kind: "unclear"; why: string };

export interface Scratch {
  folder: string;
  /** Runs these test files until the first failure. */
  test(files: string[], workers: number): Promise<Verdict>;
  remove(): void;
}

/** Copies what git knows of or would take in; packages are links. */
export function createScratch(root: string): Scratch {
  const folder = mkdtempSync(join(tmpdir(), "flowcatch-mutants-"));
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  for (const file of new Set(listed.split("\0").filter((path) => path !== ""))) {
    const from = join(root, file);
    // Git may still know a file that was deleted, and knows a link as a file.
    if (!statSync(from, { throwIfNoEntry: false })?.isFile()) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(from, join(folder, file));
  }
  // Each by itself, so that what tools keep in node_modules stays in the copy.
  mkdirSync(join(folder, "node_modules"));
  for (const name of readdirSync(join(root, "node_modules")).filter((entry) => entry !== ".vite")) {
    symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
  }
  mkdirSync(join(folder, "tmp"));
  return {
    folder,
    test: (files, workers) => runTests(folder, files, workers),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function runTests(folder: string, files: string[], workers: number): Promise<Verdict> {
  const report = join(folder, "tmp", "report.json");
  rmSync(report, { force: true });
  const child = spawn(
    process.execPath,
    [
      join("node_modules", "vitest", "vitest.mjs"),
      "run",
      ...["--config", "test/vitest.config.ts", "--project", "unit", "--project", "contracts"],
      ...["--bail", "1", "--maxWorkers", String(workers), "--reporter", "json", "--outputFile", report],
      // A busy machine must not be taken for a test that notices.
      ...["--testTimeout", "20000", "--hookTimeout", "20000"],
      ...files,
    ],
    {
      cwd: folder,
      // A group of its own, so that its workers end with it.
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, TMPDIR: join(folder, "tmp"), CI: "1" },
    },
  );
  let said = "";
  child.stderr.on("data", (chunk) => {
    said = `${said}${chunk}`.slice(-4_000);
  });
  let late = false;
  const endGroup = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // it has ended by itself
    }
  };
  const timer = setTimeout(() => {
    late = true;
    endGroup();
  }, LONGEST_MS);
  process.once("exit", endGroup);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  process.off("exit", endGroup);
  clearTimeout(timer);
  if (late) return { kind: "unclear", why: `the tests did not end within ${LONGEST_MS / 1_000} s` };
  const failed = existsSync(report) ? firstFailed(readFileSync(report, "utf8")) : undefined;
  if (failed !== undefined) return { kind: "failed", test: failed };
  return code === 0 ? { kind: "green" } : { kind: "unclear", why: `no test failed, but: ${said.trim()}` };
}

interface Report {
  testResults: { assertionResults: { fullName: string; status: string }[] }[];
}

function firstFailed(json: string): string | undefined {
  const { testResults } = JSON.parse(json) as Report;
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === "failed")
    ?.fullName.trim();
}
