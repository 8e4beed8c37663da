import { defineConfig } from "@playwright/test";

import base from "../playwright.config";

/** `npm run bench`: the numbers of the built app; the last line is JSON. */
export default defineConfig({
  ...base,
  testDir: ".",
  testMatch: "*.bench.ts",
  globalSetup: "../e2e/start-platform.ts",
  timeout: 300_000,
  reporter: [["./reporter.ts"]],
  use: { ...base.use, trace: "off", screenshot: "off" },
});
