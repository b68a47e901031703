// The folder that everything is in: made for its owner alone, or refused in a sentence.

import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeDataFolder, StartRefused } from "../../server/data-folder.ts";

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "flowcatch-folder-"));
});
afterEach(() => rmSync(scratch, { recursive: true }));

test("is made with everything above it, and only its owner can read it", () => {
  makeDataFolder(join(scratch, "a", "b"));
  expect(statSync(join(scratch, "a", "b")).mode & 0o777).toBe(0o700);
});

test.runIf(existsSync("/proc/self"))("is refused where none can be made, and at once", () => {
  expect(() => makeDataFolder("/proc/flowcatch/data")).toThrow(StartRefused);
  expect(() => makeDataFolder("/proc/flowcatch/data")).toThrow("Set DATA_DIR to another one.");
});
