import { answeredAnalysis } from "./asked";
import { expect, expectAccessible, signIn, test } from "./fixtures";

test("a link shows one analysis to a stranger, leaves no trace, and ends when it is revoked", async ({
  browser,
  ann,
}) => {
  test.slow();
  const id = await answeredAnalysis(ann);
  const own = await (await browser.newContext()).newPage();
  await signIn(own, ann, `/analyses/${id}`);
  await own.getByRole("button", { name: "Share" }).click();
  const dialog = own.getByRole("dialog");
  await expect(dialog.getByText("Nobody has made a link")).toBeVisible();
  await dialog.getByRole("combobox", { name: "The link works for" }).selectOption("1 day");
  await dialog.getByRole("button", { name: "Make a link" }).click();
  const { pathname, hash } = new URL(await dialog.getByRole("textbox", { name: "The link" }).inputValue());
  const token = hash.slice("#token=".length);
  await expect(dialog.getByRole("row").nth(1)).toContainText("never");
  await expectAccessible(own);

  const page = await (await browser.newContext()).newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(`${request.url()} ${request.headers()["referer"] ?? ""}`));
  await page.goto(pathname + hash);
  await expect(page.getByRole("heading", { level: 1, name: "Did treated move sales?" })).toBeVisible();
  await expect(page.getByText("Shared with you, read-only")).toBeVisible();
  await expect(page.getByText("experiment, version 1, 120 rows")).toBeVisible();
  await expect(page.getByRole("heading", { name: "What each estimator says" })).toBeVisible();
  await expectAccessible(page);

  // The document itself was asked for by its path alone: browsers send nowhere what stands behind `#`.
  expect(asked.filter((line) => line.includes(token) && !line.includes("#"))).toEqual([]);
  expect(page.url()).toMatch(/\/shared$/);
  expect(await page.evaluate(() => JSON.stringify([history.state, Object.entries(localStorage)]))).not.toContain(token);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Did treated move sales?" })).toBeVisible();

  await dialog.getByRole("button", { name: /^Revoke/ }).click();
  await expect(dialog.getByRole("row").nth(1)).toContainText("Revoked");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "This link does not work" })).toBeVisible();
  await expectAccessible(page);
  for (const path of ["/shared#token=never-made", "/shared"]) {
    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(path);
    await expect(stranger.getByRole("heading", { level: 1, name: "This link does not work" })).toBeVisible();
  }
});
