// docs/problems.md as text, from the tables of codes, so that the page cannot differ from the program.

import { CODE_GROUPS } from "./problem-codes.ts";
import type { CodeEntry, CodeGroup } from "./problem-codes-kit.ts";

/** The whole page docs/problems.md. A code is a heading of its own, so that `#code` leads to it. */
export function problemsMarkdown(): string {
  return `${[INTRODUCTION, ...CODE_GROUPS.map(writeGroup)].join("\n\n")}\n`;
}

function writeGroup({ title, intro, codes }: CodeGroup): string {
  return [`## ${title}`, intro, ...Object.entries(codes).map(writeCode)].join("\n\n");
}

function writeCode([code, { status, what, next }]: [string, CodeEntry]): string {
  const answered = status === undefined ? [] : [`*HTTP ${status}*`];
  // An address in brackets would become a link.
  const [means, move] = [what, next].map((text) => text.replaceAll("<", "\\<"));
  return [`### ${code}`, ...answered, means, `**What to do:** ${move}`].join("\n\n");
}

const INTRODUCTION = `<!-- Written by test/docs/write-problems-doc.ts from the tables of codes. Do not edit by hand. -->

# Problems

Everything that can go wrong has a code that never changes. Runs, the editor and the API show the same ones. An error
of the API (RFC 9457, \`application/problem+json\`) has the code in \`code\`, and in \`type\` the address of its explanation:
\`/docs/problems#<code>\`, which every installation shows to people who open it.`;
