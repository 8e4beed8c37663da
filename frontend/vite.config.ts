import react from "@vitejs/plugin-react";
import { readFileSync } from "node:fs";

import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds the platform: the address that `make up` prints. */
const platform = process.env["E2I_URL"] ?? "http://127.0.0.1:8080";
/** Where that is the gateway alone, health is elsewhere. */
const health = process.env["E2I_HEALTH_URL"] ?? platform;

const demoTable = (name: string) => readFileSync(new URL(`../testdata/${name}.csv`, import.meta.url));

/** The tables of the demos, as the app loads them: `/demo/nsw.csv`. */
const demoData: Plugin = {
  name: "demo-data",
  configureServer(server) {
    for (const name of ["nsw", "panel"]) {
      server.middlewares.use(`/demo/${name}.csv`, (_request, response) => {
        response.setHeader("content-type", "text/csv").end(demoTable(name));
      });
    }
  },
  generateBundle() {
    for (const name of ["nsw", "panel"]) {
      this.emitFile({ type: "asset", fileName: `demo/${name}.csv`, source: demoTable(name) });
    }
  },
};

export default defineConfig({
  plugins: [react(), demoData],
  build: {
    target: "es2022",
    // Checked by `make bench-frontend`, compressed; the warning counts otherwise.
    chunkSizeWarningLimit: 1500,
    // A data: font or image would want more of the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    // OPTIONS of the API is answered by the API.
    cors: false,
    // The first that fits counts.
    proxy: {
      "/api/v1/status": health,
      "/api": platform,
      "/auth": platform,
      "/config.json": platform,
      "/openapi.json": platform,
      "/docs": platform,
    },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
  },
});
