import { answeredAnalysis } from "./asked";
import { expect, expectAccessible, test } from "./fixtures";

test("a link shows one analysis to a stranger, leaves no trace, and ends when it is revoked", async ({
  browser,
  ann,
}) => {
  const id = await answeredAnalysis(ann);
  const { data: made } = await ann.api.POST("/api/v1/analyses/{id}/shares", {
    params: { path: { id } },
    body: { expires_in_s: 3600 },
  });
  const { pathname, hash } = new URL(made?.url ?? "");
  const token = made?.token ?? "";

  const page = await (await browser.newContext()).newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(`${request.url()} ${request.headers()["referer"] ?? ""}`));
  await page.goto(pathname + hash);
  await expect(page.getByRole("heading", { level: 1, name: "Did treated change sales?" })).toBeVisible();
  await expect(page.getByText("Shared with you, read-only")).toBeVisible();
  await expect(page.getByText("experiment, version 1, 120 rows")).toBeVisible();
  await expect(page.getByRole("heading", { name: "What each estimator says" })).toBeVisible();
  await expectAccessible(page);

  // The document itself was asked for by its path alone: browsers send nowhere what stands behind `#`.
  expect(asked.filter((line) => line.includes(token) && !line.includes("#"))).toEqual([]);
  expect(page.url()).toMatch(/\/shared$/);
  expect(await page.evaluate(() => JSON.stringify([history.state, Object.entries(localStorage)]))).not.toContain(token);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Did treated change sales?" })).toBeVisible();

  const shareId = made?.share.id ?? "";
  await ann.api.DELETE("/api/v1/analyses/{id}/shares/{share_id}", { params: { path: { id, share_id: shareId } } });
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "This link does not work" })).toBeVisible();
  await expectAccessible(page);
  for (const path of ["/shared#token=never-made", "/shared"]) {
    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(path);
    await expect(stranger.getByRole("heading", { level: 1, name: "This link does not work" })).toBeVisible();
  }
});
