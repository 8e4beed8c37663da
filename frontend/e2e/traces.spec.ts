import { expect, signIn, test } from "./fixtures";

test("where traces are kept, all that a click asks for is one trace, and the gateway takes it up", async ({
  page,
  ann,
}) => {
  await page.route("**/config.json", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...((await response.json()) as object), traces: true } });
  });
  await signIn(page, ann, "/");
  const traces: string[] = [];
  page.on("request", (request) => {
    const traceparent = request.headers()["traceparent"];
    if (request.url().includes("/api/v1/datasets") && traceparent !== undefined) {
      traces.push(traceparent);
    }
  });
  const answer = page.waitForResponse((response) => response.url().includes("/api/v1/datasets"));
  await page.getByRole("link", { name: "Data", exact: true }).first().click();
  expect((await answer).status()).toBe(200);
  expect(traces.length).toBeGreaterThan(0);
  expect(new Set(traces.map((traceparent) => traceparent.slice(0, 35))).size).toBe(1);
  expect(traces[0]).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
});

test("where none are kept, no request says one", async ({ page, ann }) => {
  const traces: (string | undefined)[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/v1/")) {
      traces.push(request.headers()["traceparent"]);
    }
  });
  await signIn(page, ann, "/data");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect(traces.filter((traceparent) => traceparent !== undefined)).toEqual([]);
});
