// How the page is built and how its unit tests run.
import react from "@vitejs/plugin-react";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { layered } from "./scripts/layer.mjs";

/** The server the development page talks to; `vite` passes its requests on. */
const server = process.env["CM_SERVER"] ?? "http://127.0.0.1:8000";
const { paths } = JSON.parse(readFileSync(new URL("openapi.json", import.meta.url), "utf8")) as { paths: object };
/** The first part of every route's path, but for the page's own. */
const passed = new Set(["/docs", "/openapi.json", ...Object.keys(paths).map((path) => `/${path.split("/")[1]}`)]);
passed.delete("/");

/**
 * Puts a gzip beside each file that gets shorter by it: the server embeds both. From the files
 * as they were written: what a bundle holds before that is not yet what is in them.
 */
function packed(): Plugin {
  return {
    name: "packed",
    apply: "build",
    writeBundle({ dir = "" }, bundle) {
      for (const name of Object.keys(bundle)) {
        const plain = readFileSync(join(dir, name));
        const gzip = gzipSync(plain, { level: 9 });
        if (gzip.length < plain.length * 0.9) writeFileSync(join(dir, `${name}.gz`), gzip);
      }
    },
  };
}

/** The same cascade as in the package. */
function layers(): Plugin {
  return {
    name: "layers",
    enforce: "pre",
    transform: (css, id) => (/\/src\/.*\.module\.css$/.test(id) ? { code: layered(css), map: null } : undefined),
  };
}

export default defineConfig({
  plugins: [layers(), react(), packed()],
  // Relative addresses: the page works below any path of a reverse proxy.
  base: "./",
  build: {
    // dist/README.md stays, so that the Rust build script always has a directory to watch.
    outDir: "dist/page",
    emptyOutDir: true,
    target: "es2022",
    // Browsers that know light-dark(), which the styles are written with.
    cssTarget: ["chrome123", "edge123", "firefox120", "safari17.5"],
    // No data: URLs and no inline script: the Content-Security-Policy allows none.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
  },
  server: {
    proxy: Object.fromEntries([...passed].map((path) => [path, { target: server, ws: true }])),
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}", "tests/**/*.test.ts"],
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
  },
});
