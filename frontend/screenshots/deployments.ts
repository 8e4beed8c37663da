import { signedInAdmin } from "../e2e/api";
import { Deployer } from "../e2e/deployer";
import { expect, signIn, test } from "../e2e/fixtures";
import { take } from "./take";

test("screenshots of the Deployments pages", async ({ page }) => {
  const deployer = await Deployer.begin();
  const admin = await signedInAdmin();
  const { data } = await admin.api.GET("/api/v1/deployments");
  const back = data?.items.find(({ state }) => state === "taken_back")?.id;
  const running = data?.items.find(({ state }) => state === "running")?.id;
  const overview = await admin.api.GET("/api/v1/deployments/overview");
  await signIn(page, admin, "/deployments");
  await expect(page.getByRole("heading", { name: "Under way" })).toBeVisible();
  await take(page, "deployments");
  await page.goto(`/deployments/${running}`);
  await expect(page.getByText("Live: new lines appear by themselves")).toBeVisible();
  await take(page, "deployment-running");
  await page.goto(`/deployments/${back}`);
  await expect(page.getByText("in quarantine")).toBeVisible();
  await take(page, "deployment-taken-back");
  await page.setViewportSize({ width: 1280, height: 860 });
  await page.goto(`/deployments/${overview.data?.kept[0]}`);
  await page.getByRole("button", { name: "Roll back to this" }).click();
  await expect(page.getByRole("dialog").getByRole("button", { name: "Do nothing" })).toBeFocused();
  await take(page, "deployment-rollback");
  await deployer.end();
});
