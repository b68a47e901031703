// Builds the client into client/dist: `node client/build.ts`, or with `--if-needed` only when its sources changed.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "client/dist");
const stamp = join(dist, ".built-from");
/** Built beside and then put in place, so that a running server never serves half a client. */
const fresh = join(root, `node_modules/.cache/flowcatch-client-${process.pid}`);

/** What the bundle is made of; the connectors name its icons. */
const SOURCES = ["client", "shared", "server/connectors", "package.json", "package-lock.json"];

await main();

async function main(): Promise<void> {
  const hash = hashOf(SOURCES);
  if (process.argv.includes("--if-needed") && builtFrom() === hash) return;

  // Whoever calls may have set another one (a test runner does), and Vite would build React for development.
  process.env.NODE_ENV = "production";
  const vite = await import("vite").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  });
  if (!vite) {
    if (existsSync(join(dist, "index.html"))) {
      console.log("client: Vite is not installed here, so the client stays as it was built.");
      return;
    }
    console.error(
      "client: it is not built, and Vite, which builds it, is not installed.\n" +
        "        Run `npm ci` (with development packages) once, or copy client/dist from a machine that has it.",
    );
    process.exitCode = 1;
    return;
  }

  const began = Date.now();
  try {
    await vite.build({
      configFile: join(root, "client/vite.config.ts"),
      logLevel: "warn",
      build: { outDir: fresh },
    });
    writeFileSync(join(fresh, ".built-from"), hash);
    rmSync(dist, { recursive: true, force: true });
    renameSync(fresh, dist);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  console.log(`client: built in ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

function builtFrom(): string | undefined {
  return existsSync(stamp) && existsSync(join(dist, "index.html")) ? readFileSync(stamp, "utf8") : undefined;
}

function hashOf(paths: string[]): string {
  const hash = createHash("sha256");
  for (const path of paths) {
    for (const file of filesIn(path))
      hash
        .update(file)
        .update("\0")
        .update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}

function filesIn(path: string): string[] {
  if (!existsSync(join(root, path)) || path === "client/dist") return [];
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesIn(`${path}/${name}`));
}
