// Where `npm start` begins: what was compiled at the last start is used again, which halves the time to the first event.
//
// JavaScript, the only file that is: from here on TypeScript comes out of that cache too, types already taken out, and
// the part of Node that takes them out (some 20 MB) is not even loaded.

import { enableCompileCache } from "node:module";
import { join } from "node:path";

// Beside the packages, so that only who could change the code itself could put other code in there. Where that cannot
// be written, every start compiles anew. A person's own NODE_COMPILE_CACHE counts more.
if (process.env.NODE_COMPILE_CACHE === undefined) {
  enableCompileCache(join(import.meta.dirname, "../node_modules/.cache/compiled"));
}
// Only now, and not by an import at the top: that would have been loaded before.
await import("./main.ts");
