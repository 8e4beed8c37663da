import { defineConfig } from "@playwright/test";

import base from "../playwright.config";

/** `npm run screenshots`: every page in light, in dark and on a phone, to docs/screenshots. */
export default defineConfig({
  ...base,
  testDir: ".",
  testMatch: ["pages.ts", "deployments.ts", "status.ts"],
  globalSetup: "./start-platform.ts",
  timeout: 300_000,
  use: { ...base.use, trace: "off", screenshot: "off" },
});
