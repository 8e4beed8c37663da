import { expect, expectAccessible, signIn, test } from "./fixtures";

test("a wrong password is told so, the right one leads to where one wanted to go", async ({ page, ann }) => {
  await page.goto("/data?x=1");
  await expect(page).toHaveURL(/\/sign-in\?/);
  await expectAccessible(page);
  await page.getByLabel("E-mail").fill(ann.email);
  await page.getByRole("textbox", { name: "Password" }).fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("password is wrong");
  await page.getByRole("textbox", { name: "Password" }).fill(ann.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/data/);
});

test("a session that was ended elsewhere leads to sign-in and back", async ({ page, ann }) => {
  await signIn(page, ann, "/account");
  await ann.api.POST("/auth/v1/logout", { params: { query: { scope: "global" } } });
  await page.goto("/workspaces");
  await expect(page.getByRole("status")).toContainText("session is over", { timeout: 20_000 });
  await signIn(page, ann, "/workspaces");
  await expect(page.getByRole("heading", { level: 1, name: "Workspaces" })).toBeVisible();
});
