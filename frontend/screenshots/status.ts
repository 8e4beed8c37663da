import { type Page } from "@playwright/test";

import { platformUrl, signedInAdmin } from "../e2e/api";
import { Deployer } from "../e2e/deployer";
import { expect, signIn, test } from "../e2e/fixtures";
import { canHoldStill, holdStill } from "../e2e/still";
import type { components } from "../src/api/schema";
import { take } from "./take";

/** Everything has been looked at, and what goes down from now on is raised: not so in the first two minutes. */
const SETTLED_WITHIN_MS = 200_000;
const SEEN_WITHIN_MS = 60_000;

async function isSettled(): Promise<boolean> {
  const answer = await fetch(`${platformUrl()}/api/v1/status`);
  const now = (await answer.json()) as components["schemas"]["StatusNow"];
  const settling = now.settling_until ? Date.parse(now.settling_until) : 0;
  return settling < Date.now() && now.parts.every(({ state }) => state !== "unknown");
}

async function opened(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole("heading", { name: "Timeline" })).toBeVisible();
}

let deployer: Deployer | undefined;
test.afterEach(() => deployer?.end());

test("screenshots of the Status page", async ({ page, browser }) => {
  deployer = await Deployer.begin({ lastOne: "ended", privateAddress: process.env["E2E_DEPLOYER_PRIVATE"] ?? "" });
  await expect.poll(isSettled, { timeout: SETTLED_WITHIN_MS, intervals: [2000] }).toBe(true);
  const stranger = await (await browser.newContext()).newPage();
  await opened(stranger, "/status");
  await take(stranger, "status-public");
  await signIn(page, await signedInAdmin(), "/status");
  await opened(page, "/status");
  await take(page, "status");
  const timeline = page.locator("section").filter({ has: page.getByRole("heading", { name: "Timeline" }) });
  await expect(timeline.getByText(/rolled back|taken back/i).first()).toBeVisible();
  await take(page, "status-rolled-back", timeline);
  if (canHoldStill()) {
    const goOn = holdStill("postgres");
    try {
      const wrong = page.getByRole("list", { name: "What is wrong now" });
      await expect(wrong).toContainText("Postgres", { timeout: SEEN_WITHIN_MS });
      await expect(wrong).toContainText("Gateway", { timeout: SEEN_WITHIN_MS });
      await take(page, "status-postgres-down");
    } finally {
      goOn();
    }
  }
});
