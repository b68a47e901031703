// The ready-made call of a catch URL.

import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { curlFor } from "../../../client/flows/curl.ts";

test("a shell takes the address as one word, whatever is in it", () => {
  const url = "https://example.com/catch/a'; echo harm; '";
  const words = execFileSync("sh", [
    "-c",
    `curl() { for word; do printf '%s\\0' "$word"; done; }\n${curlFor(url)}`,
  ])
    .toString()
    .split("\0");
  expect(words.slice(0, 5)).toEqual(["-X", "POST", url, "-H", "Content-Type: application/json"]);
  expect(JSON.parse(words[6] ?? "")).toMatchObject({ order: 1001 });
});
