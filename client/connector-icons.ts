// A Vite plugin: the module `virtual:connector-icons` holds the Tabler icons that connectors name, and no others.
//
//   icon: "brand-slack" in a file of server/connectors  ->  { "brand-slack": IconBrandSlack }
//
// So a new connector brings its icon along without a line in the client, and 6,000 icons stay out of the bundle.
// The connector files are read as text; no server code gets into the client.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const NAME = "virtual:connector-icons";
const connectorFolder = fileURLToPath(new URL("../server/connectors/", import.meta.url));
const iconFolder = fileURLToPath(
  new URL("../node_modules/@tabler/icons-react/dist/esm/icons/", import.meta.url),
);

export function connectorIcons(): Plugin {
  return {
    name: "connector-icons",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load(id) {
      if (id !== `\0${NAME}`) return undefined;
      const files = connectorFiles();
      for (const file of files) this.addWatchFile(file);
      const names = namedIn(files).filter((name) => existsSync(join(iconFolder, `${componentOf(name)}.mjs`)));
      return [
        ...names.map((name) => `import { ${componentOf(name)} } from "@tabler/icons-react";`),
        `export const icons = { ${names.map((name) => `"${name}": ${componentOf(name)}`).join(", ")} };`,
      ].join("\n");
    },
  };
}

function connectorFiles(): string[] {
  return readdirSync(connectorFolder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(connectorFolder, file))
    .sort();
}

/** Every `icon: "name"` in the files, once. */
function namedIn(files: string[]): string[] {
  const names = files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/\bicon:\s*"([a-z0-9-]+)"/g)].map((match) => match[1] ?? ""),
  );
  return [...new Set(names)].sort();
}

/** "brand-slack" → "IconBrandSlack" */
export function componentOf(name: string): string {
  return `Icon${name
    .split("-")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("")}`;
}
