import type { BrowserContext, Page } from "@playwright/test";

import { expect, expectAccessible, signIn, test } from "./fixtures";

const STORED = "e2i.session";

/** What the platform no longer takes: as after a restart with new keys, or by a clock that is behind. */
async function spoilAccessToken(page: Page): Promise<void> {
  await page.evaluate((key) => {
    const session = JSON.parse(localStorage.getItem(key) ?? "null") as Record<string, unknown>;
    const access_token = String(session["access_token"]).replace(/\.[^.]*$/, ".AAAA");
    localStorage.setItem(key, JSON.stringify({ ...session, access_token }));
  }, STORED);
}

/** The token has run out while the machine slept. */
async function expireAccessToken(page: Page): Promise<void> {
  await page.evaluate((key) => {
    const session = JSON.parse(localStorage.getItem(key) ?? "null") as Record<string, unknown>;
    const expires_at = Math.floor(Date.now() / 1000) - 60;
    localStorage.setItem(key, JSON.stringify({ ...session, expires_at }));
  }, STORED);
}

/** The answers to exchanges of refresh tokens from now on. */
function exchanges(context: BrowserContext): number[] {
  const seen: number[] = [];
  context.on("response", (response) => {
    if (response.url().includes("grant_type=refresh_token")) {
      seen.push(response.status());
    }
  });
  return seen;
}

test("what was typed survives a renewal in the middle, and the request is sent again once", async ({
  page,
  context,
  ann,
}) => {
  await signIn(page, ann, "/workspaces");
  await page.getByRole("button", { name: "New workspace" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Field force");
  const renewals = exchanges(context);
  await spoilAccessToken(page);
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Field force" })).toBeVisible();
  expect(renewals).toEqual([200]);
  const { data } = await ann.api.GET("/api/v1/workspaces");
  expect(data?.workspaces.filter(({ name }) => name === "Field force")).toHaveLength(1);
});

test("tabs that wake up together exchange the refresh token once among them", async ({ page, context, ann }) => {
  test.slow();
  await signIn(page, ann, "/workspaces");
  const tabs = [page, await context.newPage(), await context.newPage(), await context.newPage()];
  await Promise.all(tabs.map((tab) => tab.goto("/account")));
  // Heard from before it is out of date: a tab that is still loading may be the one that exchanges.
  const renewals = exchanges(context);
  await expireAccessToken(page);
  await Promise.all(tabs.map((tab) => tab.getByRole("link", { name: "Workspaces" }).click()));
  for (const tab of tabs) {
    await expect(tab.getByRole("heading", { level: 1, name: "Workspaces" })).toBeVisible();
    await expect(tab.getByText("You work here now")).toBeVisible();
  }
  await Promise.all(tabs.map((tab) => tab.reload()));
  for (const tab of tabs) {
    await expect(tab.getByText("You work here now")).toBeVisible();
  }
  expect(renewals).toEqual([200]);
});

test("a session and what was typed outlive a platform that is away; a clear no ends the session", async ({
  page,
  cable,
  ann,
}) => {
  test.slow();
  await page.goto(`${cable.url}/sign-in?back=/workspaces`);
  await page.getByLabel("E-mail").fill(ann.email);
  await page.getByRole("textbox", { name: "Password" }).fill(ann.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "New workspace" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Launch team");
  await expireAccessToken(page);
  cable.break();
  const make = page.getByRole("button", { name: "Make the workspace" });
  await make.click();
  await expect(page.getByRole("alert")).toContainText("cannot be reached", { timeout: 15_000 });
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("Launch team");
  cable.mend();
  await make.click();
  await expect(page.getByRole("heading", { level: 1, name: "Launch team" })).toBeVisible({ timeout: 15_000 });

  cable.break();
  await page.getByRole("link", { name: "Account" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Launch team" })).toBeVisible();
  cable.mend();
  await expect(page.getByRole("heading", { level: 1, name: "Account" })).toBeVisible({ timeout: 15_000 });

  await ann.api.POST("/auth/v1/logout", { params: { query: { scope: "global" } } });
  await spoilAccessToken(page);
  await page.getByRole("link", { name: "Workspaces" }).click();
  await expect(page.getByRole("status")).toContainText("session is over", { timeout: 20_000 });
});

test("signing out in one tab signs out the others, and leads nobody back", async ({ page, context, ann }) => {
  await signIn(page, ann, "/account");
  const other = await context.newPage();
  await other.goto("/workspaces");
  await expect(other.getByRole("heading", { level: 1, name: "Workspaces" })).toBeVisible();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await expect(other).toHaveURL(/\/sign-in\?back=%2Fworkspaces&why=expired/);
});

test("sessions are listed and ended; a new password ends the others", async ({ page, browser, ann }) => {
  test.slow();
  await signIn(page, ann, "/account");
  const elsewhere = await (await browser.newContext()).newPage();
  await signIn(elsewhere, ann, "/account");
  await page.reload();
  const sessions = page.getByRole("region", { name: "Sessions" });
  // This one, the one elsewhere, and the one of the test's own client.
  await expect(sessions.getByRole("row")).toHaveCount(4);
  await expect(sessions.getByText("This one")).toHaveCount(1);
  await expectAccessible(page);
  await sessions
    .getByRole("button", { name: /^End the session/ })
    .first()
    .click();
  await expect(sessions.getByRole("row")).toHaveCount(3);
  await page.getByRole("button", { name: "End all others" }).click();
  await expect(sessions.getByRole("row")).toHaveCount(2);
  await elsewhere.goto("/workspaces");
  await expect(elsewhere.getByRole("status")).toContainText("session is over", { timeout: 20_000 });

  const [current, fresh, again] = [
    page.getByRole("textbox", { name: "Current password" }),
    page.getByRole("textbox", { name: "New password" }),
    page.getByRole("textbox", { name: "The same again" }),
  ];
  const change = page.getByRole("button", { name: "Change the password" });
  await current.fill("not the password");
  await fresh.fill("short");
  await again.fill("short");
  await change.click();
  await expect(page.getByText("Use at least 10 characters")).toBeVisible();
  await fresh.fill("a much better password");
  await again.fill("a much better password");
  await change.click();
  await expect(page.getByRole("alert")).toContainText("current password is wrong");
  await current.fill(ann.password);
  await fresh.fill("Password1234");
  await again.fill("Password1234");
  await change.click();
  await expect(page.getByRole("alert")).toContainText("tried first");
  await fresh.fill("a much better password");
  await again.fill("a much better password");
  await change.click();
  await expect(page.getByText("Your password is changed")).toBeVisible();
  await signIn(elsewhere, { ...ann, password: "a much better password" }, "/account");
});
