// How the client is bundled: everything a strict Content-Security-Policy allows, and nothing inline.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { connectorIcons } from "./connector-icons.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const SERVER = "http://127.0.0.1:3000";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  define: { __VERSION__: JSON.stringify(version) },
  plugins: [react(), connectorIcons()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // Zod has to be told not to use `eval` before any schema is made: both in one chunk, in this order.
            { name: "zod", test: /node_modules[\\/]zod|api[\\/]no-eval/ },
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler|react-router)[\\/]/ },
          ],
        },
      },
    },
  },
  server: { proxy: { "/api": SERVER, "/catch": SERVER } },
});
