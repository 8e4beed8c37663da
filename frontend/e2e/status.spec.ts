import type { Locator, Page } from "@playwright/test";

import { signedInAdmin } from "./api";
import { expect, expectAccessible, expectNoWiderThan, signIn, test } from "./fixtures";
import { canHoldStill, holdStill } from "./still";

/** A part is down when it has failed three times, asked every ten seconds and then every second, each for three seconds. */
const SEEN_WITHIN_MS = 60_000;
/** Nothing that tells strangers where something is or how it failed. */
const LEAKS = /127\.0\.0\.1|localhost|postgres(?:ql)?:\/\/|redis:\/\/|refused|timed out|os error/i;

function graph(page: Page): Locator {
  return page.getByRole("region", { name: "What stands on what" });
}

/** A part of the page by its heading. */
function section(page: Page, name: string): Locator {
  return page.locator("section").filter({ has: page.getByRole("heading", { name, exact: true, level: 2 }) });
}

test("a stranger reads how everything stands, and nothing that is not for strangers", async ({ page }) => {
  test.slow();
  const told: Promise<string>[] = [];
  const tokens: (string | undefined)[] = [];
  page.on("response", (response) => {
    if (new URL(response.url()).pathname.startsWith("/api/v1/status")) {
      tokens.push(response.request().headers()["authorization"]);
      // An answer that the page no longer waited for cannot be read.
      told.push(response.text().catch(() => ""));
    }
  });
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Status of the platform" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Status" })).toBeVisible();
  await expect(graph(page).getByRole("button", { name: /^Postgres: well/ })).toBeVisible({ timeout: SEEN_WITHIN_MS });
  const gateway = graph(page).getByRole("button", { name: /^Gateway: well; stands on Postgres/ });
  await expect(gateway).toBeVisible({ timeout: SEEN_WITHIN_MS });
  await expect(page.getByRole("img", { name: /^Postgres\. The last 90 days:/ })).toBeVisible();
  await expect(page.getByText("Last backup: not configured")).toBeVisible();
  for (const name of ["Alerts and logs", "Maintenance", "Releases"]) {
    await expect(section(page, name)).toHaveCount(0);
  }
  await expect(page.getByRole("button", { name: "Announce maintenance" })).toHaveCount(0);
  await expectAccessible(page);

  await graph(page)
    .getByRole("button", { name: /^Postgres: well/ })
    .press("Enter");
  const row = page.getByRole("button", { name: "Postgres", exact: true });
  await expect(row).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("radiogroup", { name: "Answer times of Postgres: how far back" })).toBeVisible();
  await expect(page.getByRole("img", { name: /^Answer times of Postgres\. Usually/ })).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 780 });
  await expectNoWiderThan(page, 360);

  expect(tokens.filter((token) => token !== undefined)).toEqual([]);
  const texts = (await Promise.all(told)).filter((text) => text !== "");
  expect(texts.length).toBeGreaterThanOrEqual(4);
  for (const text of texts) {
    expect(text).not.toMatch(LEAKS);
  }
});

test("everybody who signed in finds it in the navigation, with figures and without orders", async ({ page, ann }) => {
  await signIn(page, ann);
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Status" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Status" })).toBeVisible();
  await page.getByRole("button", { name: "Workers", exact: true }).click({ timeout: SEEN_WITHIN_MS });
  await expect(page.getByText("Waiting jobs")).toBeVisible();
  await expect(section(page, "Alerts and logs")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Announce maintenance" })).toHaveCount(0);
});

test("an admin announces maintenance by keyboard alone, everybody reads it, and it is ended", async ({
  page,
  browser,
}) => {
  const reason = `New disk ${crypto.randomUUID().slice(0, 8)}`;
  await signIn(page, await signedInAdmin(), "/status");
  await expect(section(page, "Alerts and logs")).toBeVisible();
  const announce = page.getByRole("button", { name: "Announce maintenance" });
  await announce.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("textbox", { name: "What for" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("Say what it is for.")).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.type(reason);
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("heading", { name: "Maintenance of everything" })).toBeVisible();

  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto("/status");
  await expect(section(stranger, "Maintenance")).toContainText(reason);
  await expect(section(stranger, "Maintenance")).not.toContainText("announced by");
  await expect(stranger.getByRole("button", { name: /^End it now/ })).toHaveCount(0);

  await page.getByRole("button", { name: `End it now: ${reason}` }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "End it now" }).click();
  await expect(page.getByText("The maintenance has ended.")).toBeVisible();
  await expect(section(page, "Maintenance")).toContainText("None is announced.");
  await expectAccessible(page);
});

test("Postgres held still is told as the root cause, to admins with the reason, also after a reload", async ({
  page,
}) => {
  test.skip(!canHoldStill(), "the platform's processes are not here");
  test.slow();
  await signIn(page, await signedInAdmin(), "/status");
  await expect(graph(page).getByRole("button", { name: /^Postgres: well/ })).toBeVisible({ timeout: SEEN_WITHIN_MS });
  const goOn = holdStill("postgres");
  try {
    const root = graph(page).getByRole("button", { name: "Postgres: down (root cause)" });
    const gateway = graph(page).getByRole("button", { name: /^Gateway: down, because of postgres/ });
    await expect(root).toBeVisible({ timeout: SEEN_WITHIN_MS });
    await expect(page.getByRole("heading", { name: "Postgres is down" })).toBeVisible();
    await expect(gateway).toBeVisible({ timeout: SEEN_WITHIN_MS });
    await expectAccessible(page);
    // Nobody can say who is signed in now: the page is there all the same, and still for an admin.
    await page.reload();
    await expect(root).toBeVisible({ timeout: 20_000 });
    await expect(section(page, "Alerts and logs")).toBeVisible({ timeout: 20_000 });
    await expectAccessible(page);
  } finally {
    goOn();
  }
  await expect(graph(page).getByRole("button", { name: /^Postgres: well/ })).toBeVisible({ timeout: SEEN_WITHIN_MS });
  await expect(graph(page).getByRole("button", { name: /^Gateway: well/ })).toBeVisible({ timeout: SEEN_WITHIN_MS });
});

test("the page opens while the gateway, which every other page needs, is held still", async ({ page }) => {
  test.skip(!canHoldStill(), "the platform's processes are not here");
  test.slow();
  const goOn = holdStill("gateway");
  try {
    await page.goto("/status");
    await expect(page.getByRole("heading", { level: 1, name: "Status" })).toBeVisible({ timeout: 20_000 });
    await expect(page.getByRole("heading", { name: /Gateway is down/ })).toBeVisible({ timeout: SEEN_WITHIN_MS });
    await expect(graph(page).getByRole("button", { name: /^Gateway: down \(root cause\)/ })).toBeVisible();
    await expectAccessible(page);
  } finally {
    goOn();
  }
  // The rest of the app takes its place by itself.
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible({ timeout: 40_000 });
  await expect(graph(page).getByRole("button", { name: /^Gateway: well/ })).toBeVisible({ timeout: SEEN_WITHIN_MS });
});
