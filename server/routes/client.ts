// Serves the built client: files as they are, and index.html for every address of a screen.

import { existsSync } from "node:fs";
import { join } from "node:path";
import compression from "compression";
import express, { Router } from "express";
import type { RouteDeps } from "./deps.ts";

export function createClientRouter({ clientDir }: Pick<RouteDeps, "clientDir">): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const index = join(clientDir, "index.html");
  router.use(compression());
  router.use(
    express.static(clientDir, {
      index: false,
      redirect: false,
      dotfiles: "ignore",
      setHeaders(res, path) {
        // The names of these files hold a hash of their content.
        const forever = path.startsWith(join(clientDir, "assets"));
        res.setHeader("Cache-Control", forever ? "public, max-age=31536000, immutable" : "no-cache");
      },
    }),
  );
  router.get("/{*path}", (req, res) => {
    // A file that is not there is not a screen.
    if (/\.\w+$/.test(req.path)) return void res.status(404).type("text").send("There is no such file.\n");
    if (!existsSync(index)) return void res.status(503).type("text").send(NOT_BUILT);
    res.setHeader("Cache-Control", "no-cache");
    res.sendFile(index);
  });
  return router;
}

const NOT_BUILT = "The screen has not been built yet: run “npm run build”. The API works without it.\n";
