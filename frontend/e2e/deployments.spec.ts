import { readFileSync } from "node:fs";

import type { Locator, Page } from "@playwright/test";

import { type Person, signedInAdmin } from "./api";
import { ageSignIn } from "./aged";
import { Deployer } from "./deployer";
import { expect, expectAccessible, expectNoWiderThan, signIn, test } from "./fixtures";
import type { components } from "../src/api/schema";

type State = components["schemas"]["DeploymentState"];

let deployer: Deployer;
let admin: Person;

test.skip(!Deployer.isPossible(), "there is no place for a deployer without a Docker engine");

test.beforeAll(async () => {
  deployer = await Deployer.begin();
});
test.afterAll(async () => {
  await deployer.end();
});
test.beforeEach(async () => {
  admin = await signedInAdmin();
});

/** A part of the page by its heading. */
function part(page: Page, name: string): Locator {
  return page.locator("section").filter({ has: page.getByRole("heading", { name, exact: true, level: 2 }) });
}

/** The newest deployment in a state. */
async function newest(state: State) {
  const { data } = await admin.api.GET("/api/v1/deployments", { params: { query: { state } } });
  const found = data?.items[0];
  if (!found) {
    throw new Error(`the history has no deployment that is ${state}`);
  }
  return found;
}

test("an admin reads what is live, how releases went, and why one was taken back", async ({ page }) => {
  test.slow();
  const live = await newest("live");
  const back = await newest("taken_back");
  await signIn(page, admin);
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Deployments" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Deployments");
  const card = part(page, "Live");
  await expect(card).toContainText(live.commit.subject);
  await expect(card).toContainText(live.commit.author);
  await expect(part(page, "Quarantine")).toContainText(back.commit.subject);
  await expectAccessible(page);

  await page.getByRole("combobox", { name: "State" }).click();
  await page.getByRole("option", { name: "Taken back", exact: true }).click();
  await expect(page).toHaveURL(/state=taken_back/);
  const row = page.getByRole("row", { name: new RegExp(`#${back.id}\\b`) });
  await expect(row).toContainText(back.reason ?? "");
  await row.getByRole("link", { name: back.commit.subject }).click();

  await expect(page.getByRole("heading", { level: 1 })).toContainText(`#${back.id}: ${back.commit.subject}`);
  await expect(page.getByText(back.reason ?? "").first()).toBeVisible();
  await expect(page.getByText("in quarantine")).toBeVisible();
  const steps = part(page, "Steps").getByRole("listitem");
  await expect(steps.filter({ hasText: "failed" })).toHaveCount(1);
  await expect(steps.filter({ hasText: "Switch back, done" })).toHaveCount(1);
  await expect(part(page, "Health gate").getByText("Not well")).toBeVisible();
  await expect(page.getByText("the deployment has ended")).toBeVisible();
  await expectAccessible(page);
});

test("a log of 20,000 lines can be followed, held, searched and downloaded", async ({ page }) => {
  test.slow();
  const { id } = await newest("running");
  const has = deployer.lines(id);
  deployer.write(id, 20_000 - has, (seq) => (seq === 7000 ? "the needle in the hay" : `Compiling crate-${seq}`));
  await signIn(page, admin, `/deployments/${id}`);
  await expect(page.getByText("20,000 lines")).toBeVisible();
  const log = page.getByRole("region", { name: "Log", exact: true });
  await expect(log.getByText("Compiling crate-20000")).toBeVisible();
  await log.scrollIntoViewIfNeeded();
  // Only what is in sight is drawn.
  expect(await log.locator("[data-seq]").count()).toBeLessThan(150);

  deployer.write(id, 5, (seq) => `a new line ${seq}`);
  await expect(log.getByText("a new line 20005")).toBeInViewport();
  await log.hover();
  await page.mouse.wheel(0, -4000);
  await expect(page.getByRole("switch", { name: "Follow" })).not.toBeChecked();
  const top = await log.evaluate(({ scrollTop }) => scrollTop);
  deployer.write(id, 5, (seq) => `another line ${seq}`);
  await expect(page.getByText("20,010 lines")).toBeVisible();
  expect(await log.evaluate(({ scrollTop }) => scrollTop)).toBe(top);

  await page.getByRole("textbox", { name: "Search in the log" }).fill("NEEDLE");
  await expect(page.getByText("1 of 1 lines")).toBeVisible();
  await expect(log.getByText("the needle in the hay")).toBeInViewport();
  await expect(log.locator("mark")).toHaveText("needle");
  await expectAccessible(page);

  await log.focus();
  await page.keyboard.press("End");
  await expect(page.getByRole("switch", { name: "Follow" })).toBeChecked();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download" }).click(),
  ]);
  const text = readFileSync(await file.path(), "utf8");
  expect(text).toContain("another line 20010");
  expect(text.trimEnd().split("\n")).toHaveLength(20_010);
});

test("the log goes on where it was cut, and through another tab, without losing or doubling a line", async ({
  page,
  cable,
}) => {
  test.slow();
  const { id } = await newest("running");
  await page.goto(`${cable.url}/sign-in?back=${encodeURIComponent(`/deployments/${id}`)}`);
  await page.getByLabel("E-mail").fill(admin.email);
  await page.getByRole("textbox", { name: "Password" }).fill(admin.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  const lines = (count: number) => page.getByText(`${new Intl.NumberFormat("en").format(count)} lines`);
  let has = deployer.lines(id);
  await expect(lines(has)).toBeVisible({ timeout: 20_000 });

  const asked: (string | null)[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith(`/deployments/${id}/events`)) {
      asked.push(request.headers()["last-event-id"] ?? null);
    }
  });
  cable.break();
  await expect(page.getByText("is interrupted")).toBeVisible();
  deployer.write(id, 30, (seq) => `while it was cut ${seq}`);
  cable.mend();
  await expect(lines(has + 30)).toBeVisible({ timeout: 40_000 });
  expect(asked.at(-1)).toBe(String(has));
  has += 30;

  const other = await page.context().newPage();
  await other.goto(`${cable.url}/account`);
  await other.bringToFront();
  deployer.write(id, 30, (seq) => `in another tab ${seq}`);
  await page.bringToFront();
  await expect(lines(has + 30)).toBeVisible();

  // The deployer itself is replaced.
  await deployer.kill();
  await expect(page.getByText("The deployer does not answer")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText("The platform does not answer")).toBeHidden();
  deployer.write(id, 30, (seq) => `of the next one ${seq}`);
  await deployer.start();
  await expect(lines(has + 60)).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText("The deployer does not answer")).toBeHidden({ timeout: 20_000 });
});

test("a rollback is ordered by keyboard alone, with a fresh sign-in where the old one is too old", async ({ page }) => {
  test.slow();
  const { data } = await admin.api.GET("/api/v1/deployments/overview");
  const target = data?.kept[0] ?? 0;
  await signIn(page, admin, `/deployments/${target}`);
  await ageSignIn(page);
  const button = page.getByRole("button", { name: "Roll back to this" });
  await expect(button).toBeVisible();
  const press = async (key: string, times = 1) => {
    for (let time = 0; time < times; time += 1) {
      await page.keyboard.press(key);
    }
  };
  for (let tabs = 0; tabs < 60 && !(await button.evaluate((one) => one === document.activeElement)); tabs += 1) {
    await press("Tab");
  }
  // Twice, as a key that is held: the second does nothing but close the dialog.
  await press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "Do nothing" })).toBeFocused();
  await expectAccessible(page);
  await press("Enter");
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();

  await press("Enter");
  await expect(dialog.getByRole("button", { name: "Do nothing" })).toBeFocused();
  await press("Tab");
  await expect(dialog.getByRole("button", { name: `Roll back to #${target}` })).toBeFocused();
  await press("Enter");
  await expect(dialog.getByText("You signed in over 15 minutes ago")).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.type(admin.password);
  await press("Enter");
  // Without an engine nothing is rolled back, but the order has arrived.
  await expect(dialog.getByRole("alert")).toContainText("no Docker engine");
  await press("Escape");
  await expect(dialog).toBeHidden();
});

test("the page is not for everybody, and says where there is no deployer", async ({ page, ann, browser }) => {
  await signIn(page, ann, "/deployments");
  await expect(page.getByRole("heading", { name: "This page is for admins" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Deployments" })).toBeHidden();
  await expectAccessible(page);

  const laptop = await (await browser.newContext()).newPage();
  await laptop.route("**/config.json", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...((await response.json()) as object), deployments: false } });
  });
  await signIn(laptop, admin, "/deployments");
  await expect(laptop.getByRole("heading", { name: "There is no deployer here" })).toBeVisible();
  await expect(laptop.getByRole("link", { name: "Deployments" })).toBeHidden();
  await expectAccessible(laptop);
  await laptop.unroute("**/config.json");

  const one = await (await browser.newContext()).newPage();
  await signIn(one, admin, "/deployments/999999");
  await expect(one.getByRole("heading", { name: "There is no deployment #999999" })).toBeVisible();
  await expectAccessible(one);
});

test("the page works on a phone", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 780 });
  const back = await newest("taken_back");
  await signIn(page, admin, "/deployments");
  for (const path of ["/deployments", `/deployments/${back.id}`]) {
    await page.goto(path);
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    await expect(page.getByRole("heading", { level: 2 }).first()).toBeVisible();
    await expectNoWiderThan(page, 360);
  }
});
