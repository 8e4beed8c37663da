import type { Page } from "@playwright/test";

import { signedInAdmin } from "../e2e/api";
import { expect, signIn, test } from "../e2e/fixtures";
import { take } from "./take";

async function demo(page: Page, title: string, answer: RegExp): Promise<string> {
  await page.goto("/");
  await page.getByRole("button", { name: `Run the demo: ${title}` }).click();
  await expect(page.getByText(answer).first()).toBeVisible({ timeout: 60_000 });
  return new URL(page.url()).pathname;
}

test("screenshots", async ({ page }) => {
  await page.goto("/sign-in");
  await expect(page.getByLabel("E-mail")).toBeVisible();
  await take(page, "sign-in");
  const admin = await signedInAdmin();
  await signIn(page, admin);
  await expect(page.getByRole("button", { name: /Run the demo/ }).first()).toBeVisible();
  await take(page, "first-steps");
  const nsw = await demo(page, "A job training experiment", /re78 is 1,794 higher/);
  // The other demo is offered where nothing was asked yet: in a workspace of its own.
  const { data: workspace } = await admin.api.POST("/api/v1/workspaces", { body: { name: "Marketing" } });
  const { data: datasets } = await admin.api.GET("/api/v1/datasets");
  const dataset = datasets?.datasets[0]?.id ?? "";
  await page.evaluate((id) => {
    localStorage.setItem("e2i.workspace", JSON.stringify(id));
  }, workspace?.id ?? "");
  const panel = await demo(page, "A speaker programme over two years", /2\.482 higher/);
  await page.goto(panel);
  await expect(page.getByText(/2\.482 higher/).first()).toBeVisible();
  await take(page, "panel-answer");
  await page.evaluate(() => {
    localStorage.removeItem("e2i.workspace");
  });
  const pages = {
    overview: ["/", "Overview"],
    data: ["/data", "Data"],
    dataset: [`/data/${dataset}`, "nsw"],
    "new-analysis": [`/ask?clone=${nsw.split("/").at(-1) ?? ""}`, "Ask again"],
    analyses: ["/analyses", "Analyses"],
    answer: [nsw, "Did treat move re78?"],
    compare: [`/compare?left=${nsw.split("/").at(-1) ?? ""}&right=${panel.split("/").at(-1) ?? ""}`, "Compare"],
    workspaces: ["/workspaces", "Workspaces"],
    account: ["/account", "Account"],
    users: ["/users", "Users"],
    dispatch: ["/admin/dispatch", "Dispatch"],
  };
  for (const [name, [path = "", title = ""]] of Object.entries(pages)) {
    await page.setViewportSize({ width: 1280, height: 860 });
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toContainText(title);
    await take(page, name);
  }
});
