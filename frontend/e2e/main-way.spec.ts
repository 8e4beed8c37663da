import { join } from "node:path";

import type { Page } from "@playwright/test";

import { expect, expectAccessible, signIn, test } from "./fixtures";

const NSW = join(import.meta.dirname, "../../testdata/nsw.csv");
const ANSWER = "re78 is 1,794 higher (95 % interval 475.6 to 3,113)";

async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByRole("combobox", { name: field, exact: true }).click();
  await page
    .getByRole("option", { name: new RegExp(`^${option}`) })
    .first()
    .click();
}

test("from a file to the answer", async ({ page, ann }) => {
  await signIn(page, ann);
  await expect(page.getByRole("heading", { name: "See an answer first" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Data", exact: true }).first().click();
  await page.locator('input[type="file"]').first().setInputFiles(NSW);
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  const link = page.getByRole("table").getByRole("link", { name: /^nsw\b/ });
  await expect(link).toBeVisible();
  await link.click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("nsw");
  await page.getByRole("link", { name: /Ask about this/ }).click();

  await expect(page.getByRole("heading", { name: "The question", exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Take treat as Treatment" }).click();
  await choose(page, "Outcome", "re78");
  await page.getByText("Randomised", { exact: true }).click();
  await expect(page.getByRole("complementary")).toContainText("treat");
  await page.getByRole("button", { name: "Start the analysis" }).click();

  await expect(page).toHaveURL(/\/analyses\/[0-9a-f-]{36}$/);
  await expect(page.getByText(ANSWER).first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("No red flags found").first()).toBeVisible();
  await expectAccessible(page);
});

test("the panel demo by one click, and what it was worth", async ({ page, ann }) => {
  await signIn(page, ann);
  await page.getByRole("button", { name: /Run the demo: A speaker programme/ }).click();
  await expect(page).toHaveURL(/\/analyses\/[0-9a-f-]{36}$/, { timeout: 30_000 });
  await expect(page.getByText(/new_prescriptions that is 2\.482 higher/).first()).toBeVisible({ timeout: 45_000 });
  await expect(page.getByText(/worth 621,931/).first()).toBeVisible();
  await page.getByRole("link", { name: "Overview" }).click();
  await expect(page.getByRole("row", { name: /Did programme_start move new_prescriptions\? Done/ })).toBeVisible();
  await expectAccessible(page);
});

test("by keyboard alone, from sign-in to the answer", async ({ page, ann }) => {
  await page.goto("/sign-in");
  await expect(page.getByLabel("E-mail")).toBeVisible();
  const tabTo = async (reached: () => Promise<boolean>) => {
    for (let presses = 0; presses < 60; presses += 1) {
      if (await reached()) {
        return;
      }
      await page.keyboard.press("Tab");
    }
    throw new Error("not reached by Tab");
  };
  await tabTo(() => page.getByLabel("E-mail").evaluate((input) => input === document.activeElement));
  await page.keyboard.type(ann.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(ann.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "See an answer first" })).toBeVisible();
  const demo = page.getByRole("button", { name: /Run the demo: A job training/ });
  await tabTo(() => demo.evaluate((button) => button === document.activeElement));
  await page.keyboard.press("Enter");
  await expect(page.getByText(ANSWER).first()).toBeVisible({ timeout: 30_000 });
});

test("the network goes while it runs, and comes back: nothing is lost", async ({ page, ann, cable }) => {
  await page.goto(`${cable.url}/sign-in`);
  await page.getByLabel("E-mail").fill(ann.email);
  await page.getByRole("textbox", { name: "Password" }).fill(ann.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: /Run the demo: A speaker programme/ }).click();
  await expect(page).toHaveURL(/\/analyses\//, { timeout: 30_000 });
  cable.cut();
  cable.break();
  await page.getByRole("link", { name: "Overview" }).click();
  await expect(page.getByText("The platform does not answer")).toBeVisible({ timeout: 20_000 });
  cable.mend();
  await expect(page.getByText("The platform does not answer")).toBeHidden({ timeout: 30_000 });
  await expect(page.getByRole("row", { name: /new_prescriptions\? Done/ })).toBeVisible({ timeout: 45_000 });
});
