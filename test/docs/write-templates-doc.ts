// Writes docs/templates.md from the table of filters: node test/docs/write-templates-doc.ts

import { writeFileSync } from "node:fs";
import { filtersMarkdown } from "../../shared/filters-markdown.ts";

const page = new URL("../../docs/templates.md", import.meta.url);
writeFileSync(page, filtersMarkdown());
console.log("wrote docs/templates.md");
