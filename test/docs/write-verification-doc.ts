// Writes docs/verification.md from the tables of senders: node test/docs/write-verification-doc.ts

import { writeFileSync } from "node:fs";
import { verificationMarkdown } from "./verification-page.ts";

const page = new URL("../../docs/verification.md", import.meta.url);
writeFileSync(page, verificationMarkdown());
console.log("wrote docs/verification.md");
