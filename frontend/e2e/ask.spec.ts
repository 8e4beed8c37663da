import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Page } from "@playwright/test";

import { BAKERY } from "../src/ask/testing/agents";
import { type Person, platformUrl } from "./api";
import { expect, expectAccessible, signIn, test } from "./fixtures";

const NSW = readFileSync(join(import.meta.dirname, "../../testdata/nsw.csv"), "utf8");

/** Uploads a table; gives the id of the version it became. */
async function upload({ api }: Person, name: string, csv: string): Promise<string> {
  const { data, error } = await api.POST("/api/v1/datasets", {
    params: { query: { name } },
    body: csv as never,
    bodySerializer: (text: unknown) => text as string,
    headers: { "content-type": "text/csv" },
  });
  if (!data) {
    throw new Error(`uploading ${name}: ${JSON.stringify(error)}`);
  }
  return data.id;
}

async function ask({ api }: Person, dataset: string, parameters: Record<string, unknown>): Promise<string> {
  const body = { agent: "causal_impact", dataset_id: dataset, parameters };
  const { data, error } = await api.POST("/api/v1/analyses", { body });
  if (!data) {
    throw new Error(`asking: ${JSON.stringify(error)}`);
  }
  return data.id;
}

async function pick(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole("combobox", { name: label }).first().click();
  await page.getByRole("option", { name: new RegExp(`^${option}\\b`, "u") }).click();
}

const QUESTION = { outcome: "re78", treatment: "treat", covariates: ["age", "educ"], design: "randomised" };

test("columns that cannot serve say why; the picture, the expectation and the API's refusal follow", async ({
  page,
  ann,
}) => {
  const dataset = await upload(ann, "nsw", NSW);
  await signIn(page, ann, `/ask?dataset=${dataset}`);
  await page.getByRole("button", { name: "Start the analysis" }).click();
  await expect(page.getByRole("combobox", { name: "Outcome", exact: true })).toBeFocused();
  await page.getByRole("combobox", { name: "Outcome", exact: true }).click();
  await expect(
    page.getByRole("option", { name: /data_id holds words, numbers are wanted|data_id always the same/u }),
  ).toBeVisible();
  await page.getByRole("option", { name: /^re78/u }).click();
  await page.getByRole("button", { name: "Take treat as Treatment" }).click();
  await expect(page.getByText("Did treat move re78?")).toBeVisible();
  await expect(page.getByText(/^Takes /u)).toBeVisible();
  await page.getByRole("combobox", { name: "Unit" }).click();
  await expect(page.getByRole("option", { name: "re78 used already: Outcome" })).toHaveAttribute(
    "data-combobox-disabled",
  );
  await page.getByRole("option", { name: /^age/u }).click();
  // Only the API knows that a unit needs periods.
  await expect(page.getByText(/give “Time” as well/u)).toHaveCount(2);
  await expectAccessible(page);
  // A reload loses nothing.
  await page.reload();
  await expect(page.getByRole("combobox", { name: "Outcome", exact: true })).toHaveValue("re78");
  await page.getByRole("button", { name: "Start over" }).click();
  await expect(page.getByRole("combobox", { name: "Outcome", exact: true })).toHaveValue("");
});

test("started later, then asked again of a newer version that lacks a column", async ({ page, ann }) => {
  const first = await upload(ann, "nsw", NSW);
  await signIn(page, ann, `/ask?dataset=${first}`);
  await pick(page, "Outcome", "re78");
  await page.getByRole("button", { name: "Take treat as Treatment" }).click();
  await pick(page, "Treated value", "1");
  await page.getByRole("button", { name: /^Add all/u }).click();
  await page.getByText("Randomised", { exact: true }).click();
  await page.getByText("Later", { exact: true }).click();
  await page.getByRole("button", { name: "Start it then" }).click();
  await page.waitForURL(/\/analyses\/[0-9a-f-]{36}$/u);
  const id = page.url().split("/").at(-1) ?? "";
  const { data: waiting } = await ann.api.GET("/api/v1/analyses/{id}", { params: { path: { id } } });
  expect(waiting).toMatchObject({ state: "queued", parameters: { treated_value: "1", design: "randomised" } });
  expect(Date.parse(waiting?.run_at ?? "")).toBeGreaterThan(Date.now());

  const lines = NSW.trim().split("\n");
  const educ = lines[0]?.split(",").indexOf("educ") ?? -1;
  const without = lines.slice(0, 400).map((line) => line.split(",").toSpliced(educ, 1).join(","));
  const second = await upload(ann, "nsw", `${without.join("\n")}\n`);
  await page.goto(`/ask?clone=${id}&dataset=${second}`);
  await expect(page.getByText("399 rows instead of 445.")).toBeVisible();
  await expect(page.getByText("Columns that are gone: educ.")).toBeVisible();
  await expect(page.getByText("educ (Covariates)")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Start the analysis" }).click();
  await page.waitForURL((url) => url.pathname.startsWith("/analyses/") && !url.pathname.endsWith(id));
});

test("an agent that nobody has heard of has a form, made of its schema", async ({ page, ann }) => {
  const dataset = await upload(ann, "nsw", NSW);
  const bakery = {
    name: "bakery",
    version: 1,
    title: "Bakery",
    summary: "Why loaves rise.",
    audience: "analysts",
    needs_dataset: true,
    timeout_s: 60,
    parameters_schema: BAKERY,
    result_schema: {},
  };
  await page.route("**/api/v1/agents", async (route) => {
    const answer = await route.fetch();
    const { agents } = (await answer.json()) as { agents: object[] };
    await route.fulfill({ response: answer, json: { agents: [...agents, bakery] } });
  });
  const asked: unknown[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api/v1/analyses/expectation")) {
      asked.push((request.postDataJSON() as { parameters: unknown }).parameters);
    }
  });
  await signIn(page, ann, `/ask?dataset=${dataset}`);
  await page.getByRole("radio", { name: "Bakery" }).check();
  await pick(page, "Loaves", "re78");
  await pick(page, "Yeast", "treat");
  await pick(page, "Value that means yeast", "1");
  await pick(page, "Weather", "age");
  await page.keyboard.press("Escape");
  await page.getByLabel("Oven load").fill("40");
  await expect(page.getByText("Give a whole number from 2 to 12.").first()).toBeVisible();
  await page.getByLabel("Oven load").fill("4");
  await pick(page, "Kind", "Egg");
  await page.getByLabel("Eggs").fill("2");
  await expect(page.getByText("Did treat move re78?")).toBeVisible();
  await expectAccessible(page);
  // The whole question is put to the platform, which has never heard of the agent either and says so in words.
  await expect
    .poll(() => asked.at(-1))
    .toEqual({
      loaves: "re78",
      yeast: "treat",
      yeast_value: "1",
      weather: ["age"],
      oven_load: 4,
      glaze: { kind: "egg", eggs: 2 },
    });
  await expect(page.getByText(/^There is no agent/u).first()).toBeVisible();
});

test("analyses are listed live, filtered, and two of them compared", async ({ page, ann }) => {
  const dataset = await upload(ann, "nsw", NSW);
  const ids = [await ask(ann, dataset, QUESTION), await ask(ann, dataset, { ...QUESTION, covariates: ["age"] })];
  await signIn(page, ann, "/analyses");
  const rows = page.getByRole("row").filter({ hasText: "Done" });
  await expect(rows).toHaveCount(2, { timeout: 30_000 });
  await ask(ann, dataset, { ...QUESTION, covariates: [] });
  await expect(rows).toHaveCount(3, { timeout: 30_000 });
  await expectAccessible(page);
  await page.getByRole("combobox", { name: "State" }).click();
  await page.getByRole("option", { name: "Failed" }).click();
  await expect(page.getByText("No analysis is like that")).toBeVisible();
  await page.getByRole("button", { name: "Show all" }).click();
  const boxes = page.getByRole("checkbox", { name: /to compare/u });
  await boxes.nth(1).focus();
  await page.keyboard.press("Space");
  await boxes.nth(2).check();
  await page.getByRole("link", { name: "Compare the two" }).click();
  await expect(page).toHaveURL(/\/compare\?left=/u);
  const { searchParams } = new URL(page.url());
  expect([searchParams.get("left"), searchParams.get("right")].toSorted()).toEqual(ids.toSorted());
  expect(page.url()).toContain(platformUrl());
});
