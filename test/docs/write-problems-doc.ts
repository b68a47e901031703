// Writes docs/problems.md from the tables of problem codes: node test/docs/write-problems-doc.ts

import { writeFileSync } from "node:fs";
import { problemsMarkdown } from "../../shared/problem-codes-markdown.ts";

const page = new URL("../../docs/problems.md", import.meta.url);
writeFileSync(page, problemsMarkdown());
console.log("wrote docs/problems.md");
