// docs/verification.md is what the tables of senders say.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { VERIFICATION_PRESETS } from "../../../shared/verification-presets.ts";
import { verificationMarkdown } from "../../docs/verification-page.ts";

describe("docs/verification.md", () => {
  const page = readFileSync(new URL("../../../docs/verification.md", import.meta.url), "utf8");

  test("is up to date", () => {
    expect(
      page === verificationMarkdown(),
      "docs/verification.md is old: node test/docs/write-verification-doc.ts",
    ).toBe(true);
  });

  test("links in its table lead to a heading each", () => {
    const anchors = [...page.matchAll(/^### (.+)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} -]/gu, "")
        .replaceAll(" ", "-"),
    );
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    expect(links).toHaveLength(VERIFICATION_PRESETS.length);
    for (const link of links) expect(anchors.filter((anchor) => anchor === link)).toHaveLength(1);
  });

  test("has no paragraph that would stay empty", () => {
    expect(page).not.toMatch(/\*\*:?\*\*|undefined|\n\n\n/);
  });
});
