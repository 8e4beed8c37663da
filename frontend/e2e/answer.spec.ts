import { readFileSync } from "node:fs";

import type { BrowserContext, Page } from "@playwright/test";

import { type Person, platformUrl } from "./api";
import { expect, expectAccessible, signIn, test } from "./fixtures";

/** The dataset of the NSW experiment, in somebody's own workspace. */
async function nsw(person: Person): Promise<string> {
  const table = await fetch(`${platformUrl()}/demo/nsw.csv`);
  const { data } = await person.api.POST("/api/v1/datasets", {
    params: { query: { name: "nsw" } },
    body: await table.text(),
    bodySerializer: (body) => body as string,
    headers: { "content-type": "text/csv" },
  });
  return data?.id ?? "";
}

async function ask(
  person: Person,
  dataset: string,
  parameters: Record<string, unknown>,
  run_at?: string,
): Promise<string> {
  const { data } = await person.api.POST("/api/v1/analyses", {
    body: {
      agent: "causal_impact",
      dataset_id: dataset,
      parameters: { treatment: "treat", outcome: "re78", ...parameters },
      ...(run_at === undefined ? {} : { run_at }),
    },
  });
  return data?.id ?? "";
}

const EXPERIMENT = { design: "randomised", covariates: ["age", "educ", "re75"], estimator: "difference_in_means" };
const ANSWER = "re78 is 1,794 higher";
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();

/** Streams of all events that are open in any tab now. */
function streamsOf(context: BrowserContext): Set<object> {
  const open = new Set<object>();
  context.on("request", (request) => {
    if (request.url().endsWith("/api/v1/events")) {
      open.add(request);
    }
  });
  context.on("requestfailed", (request) => open.delete(request));
  context.on("requestfinished", (request) => open.delete(request));
  return open;
}

async function save(page: Page, button: string | RegExp, item: string): Promise<{ name: string; text: string }> {
  await page.getByRole("button", { name: button }).first().click();
  const waiting = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: item }).click();
  const download = await waiting;
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

test("the types of results are those that the platform publishes", async ({ ann }) => {
  const { data } = await ann.api.GET("/api/v1/agents/{name}", { params: { path: { name: "causal_impact" } } });
  const committed = new URL("../src/result/causal_impact.schema.json", import.meta.url);
  const { result_schema } = JSON.parse(readFileSync(committed, "utf8")) as { result_schema: unknown };
  expect(data?.result_schema, "write it anew from GET /api/v1/agents/causal_impact, then `npm run types`").toEqual(
    result_schema,
  );
});

test("an answer with its plots, as files and as a report that needs nothing else", async ({ page, ann, context }) => {
  const id = await ask(ann, await nsw(ann), EXPERIMENT);
  await signIn(page, ann, `/analyses/${id}`);
  await expect(page.getByTestId("answer")).toContainText(ANSWER, { timeout: 30_000 });
  await expect(page.getByRole("heading", { name: "No red flags found" })).toBeVisible();
  await page.getByRole("button", { name: /What was checked/ }).click();
  await expect(page.getByText("Placebo treatment:").first()).toBeVisible();
  for (const plot of ["All estimators", "How far the groups differ", "Placebo treatment", "Bootstrap"]) {
    const figure = page.getByRole("figure", { name: new RegExp(plot) });
    await figure.scrollIntoViewIfNeeded();
    await expect(figure.locator("canvas")).toBeVisible();
  }
  await page.getByRole("button", { name: "Show as a table" }).first().click();
  await expect(page.getByRole("cell", { name: "1,794" }).first()).toBeVisible();
  await expectAccessible(page);

  expect((await save(page, "Export", "Estimates (CSV)")).text).toContain(
    "Difference in means,average over everybody,1794.34",
  );
  expect((JSON.parse((await save(page, "Export", "Result (JSON)")).text) as { estimate: number }).estimate).toBeCloseTo(
    1794.34,
    2,
  );
  expect((await save(page, "Export", "reproduce.py")).text).toContain("statsmodels");
  expect((await save(page, /^Save the plot "All/, "SVG")).text).toMatch(/^<svg/);
  expect((await save(page, /^Save the plot "All/, "PNG")).name).toMatch(/\.png$/);
  const report = await save(page, "Export", "Report");
  const paper = await context.newPage();
  const asked: string[] = [];
  paper.on("request", (request) => asked.push(request.url()));
  await paper.setContent(report.text);
  await expect(paper.getByText(ANSWER).first()).toBeVisible();
  expect(await paper.locator("svg").count()).toBeGreaterThan(5);
  expect(await paper.locator("script").count()).toBe(0);
  expect(asked).toEqual([]);
});

test("cancelled, tried again, deleted", async ({ page, ann }) => {
  const id = await ask(ann, await nsw(ann), EXPERIMENT, tomorrow());
  await signIn(page, ann, `/analyses/${id}`);
  await expect(page.getByText("It is tried again in")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Cancel it" }).click();
  await expect(page.getByRole("heading", { name: "It was cancelled" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Try again" }).click();
  // It was to start tomorrow; who tries again wants it now.
  await expect(page.getByText(ANSWER).first()).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page).toHaveURL(/\/analyses$/);
});

test("a question without an answer says why and what to do", async ({ page, ann }) => {
  const id = await ask(ann, await nsw(ann), {
    covariates: ["nodegree"],
    categorical: ["nodegree"],
    outcome: "data_id",
  });
  const asked = id === "" ? await ask(ann, await nsw(ann), { treatment: "educ", control_value: "no such value" }) : id;
  expect(asked).not.toBe("");
  await signIn(page, ann, `/analyses/${asked}`);
  const why = page.getByRole("heading", { name: "This question has no answer in these data" });
  await expect(why).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole("link", { name: "Change the question" })).toBeVisible();
  await expectAccessible(page);
});

test("one stream for all tabs, which another tab takes over, and a cut loses nothing", async ({
  ann,
  cable,
  browser,
}) => {
  const dataset = await nsw(ann);
  const waiting = await ask(ann, dataset, EXPERIMENT, tomorrow());
  const context = await browser.newContext({ baseURL: cable.url });
  const streams = streamsOf(context);
  const first = await context.newPage();
  await signIn(first, ann, `/analyses/${waiting}`);
  await expect(first.getByText("It is tried again in")).toBeVisible();
  const second = await context.newPage();
  await second.goto(`/analyses/${waiting}`);
  await expect(second.getByText("It is tried again in")).toBeVisible();
  expect(streams.size).toBe(1);

  // The tab that leads goes; the other one opens the stream, and hears what happens elsewhere.
  streams.clear();
  await first.close();
  await expect.poll(() => streams.size).toBe(1);
  const path = { params: { path: { id: waiting } } };
  const cancelled = second.getByRole("heading", { name: "It was cancelled" });
  expect((await ann.api.POST("/api/v1/analyses/{id}/cancel", path)).error).toBeUndefined();
  await expect(cancelled).toBeVisible();

  // What happens while the cable is out is there when it is back: a second try, from its beginning to its end.
  cable.break();
  expect((await ann.api.POST("/api/v1/analyses/{id}/retry", path)).error).toBeUndefined();
  const state = async () => (await ann.api.GET("/api/v1/analyses/{id}", path)).data?.state;
  await expect.poll(state, { timeout: 30_000 }).toBe("succeeded");
  await expect(cancelled).toBeVisible();
  cable.mend();
  await expect(second.getByTestId("answer")).toContainText(ANSWER, { timeout: 30_000 });
  await context.close();
});

test("two analyses side by side", async ({ page, ann }) => {
  const dataset = await nsw(ann);
  const left = await ask(ann, dataset, EXPERIMENT);
  const right = await ask(ann, dataset, { ...EXPERIMENT, estimator: "regression_adjustment" });
  await signIn(page, ann, `/analyses/${right}`);
  await expect(page.getByTestId("answer")).toBeVisible({ timeout: 30_000 });
  await page.goto(`/compare?left=${left}`);
  await expect(page.getByText("Choose another analysis")).toBeVisible();
  await expectAccessible(page);
  await page
    .getByRole("textbox", { name: "Right" })
    .or(page.getByRole("combobox", { name: "Right" }))
    .first()
    .click();
  await page.getByRole("option", { name: new RegExp(right.slice(0, 8)) }).click();
  await expect(page.getByTestId("difference")).toContainText("lower than the left one");
  await expect(
    page.getByRole("row", { name: /Estimate at the head difference_in_means regression_adjustment/ }),
  ).toBeVisible();
  await expectAccessible(page);
});
