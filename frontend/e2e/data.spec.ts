import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Person } from "./api";
import { expect, expectAccessible, signIn, test } from "./fixtures";

const NSW = join(import.meta.dirname, "..", "..", "testdata", "nsw.csv");

/** A small dataset by the API; gives its id. */
async function given(person: Person, name: string, rows: string): Promise<string> {
  const { data, error } = await person.api.POST("/api/v1/datasets", {
    params: { query: { name } },
    body: rows,
    bodySerializer: (text) => text,
    headers: { "content-type": "text/csv" },
  });
  if (!data) {
    throw new Error(`uploading ${name}: ${JSON.stringify(error)}`);
  }
  return data.id;
}

test("a table is uploaded and looked at", async ({ page, ann }) => {
  await signIn(page, ann, "/data");
  await expect(page.getByRole("heading", { name: "No data here yet" })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Files to upload").setInputFiles(NSW);
  const name = page.getByLabel("Name of the dataset");
  await expect(name).toHaveValue("nsw");
  await name.fill("job training");
  await expect(page.getByText("A new dataset.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await page.getByRole("link", { name: "Open" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "job training" })).toBeVisible();
  await expect(page.getByText("445 rows, 11 columns")).toBeVisible();
  await expect(page.getByText("is constant: each of its values is")).toBeVisible();
  await expectAccessible(page);
});

test("a column is looked at in full", async ({ page, ann }) => {
  const id = await given(ann, "job training", await readFile(NSW, "utf8"));
  await signIn(page, ann, `/data/${id}`);
  await page.getByRole("button", { name: "age", exact: true }).click();
  const detail = page.getByRole("dialog", { name: "Column “age”" });
  await expect(detail.getByRole("img", { name: /17 to 55, mean 25.37/ }).locator("canvas")).toBeVisible();
  await expect(detail.getByRole("row", { name: "Standard deviation 7.1" })).toBeVisible();
  await expectAccessible(page);
});

test("a download gives the bytes back as they came", async ({ page, ann }) => {
  const id = await given(ann, "job training", await readFile(NSW, "utf8"));
  await signIn(page, ann, `/data/${id}`);
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("job training-v1.csv");
  expect(await readFile(await download.path())).toEqual(await readFile(NSW));
  await page.getByRole("link", { name: "Ask about this data" }).click();
  await expect(page).toHaveURL(/\/ask\?dataset=/);
});

test("a recipe makes a version; what the rows refuse is told at its step", async ({ page, ann }) => {
  const id = await given(ann, "shops", "shop,visits,sales\na,0,10\nb,2,20\nc,4,30\n");
  await signIn(page, ann, `/data/${id}`);
  await page.getByRole("button", { name: "New version" }).click();
  await page.getByRole("menuitem", { name: /Filter rows/ }).click();
  await page.getByRole("button", { name: "Add the first step" }).click();
  await page.getByRole("menuitem", { name: /New column/ }).click();
  const first = page.getByRole("group", { name: /^Step 1/ });
  await page.getByRole("button", { name: "Make the new version" }).click();
  await expect(first.getByRole("alert")).toContainText("Name the new column");
  await first.getByLabel("Name of the new column").fill("log_visits");
  await first.getByRole("combobox", { name: "Column", exact: true }).click();
  await page.getByRole("option", { name: "visits" }).click();
  await expect(first).toContainText("Add “log_visits”: the natural logarithm of “visits”.");
  await page.getByRole("button", { name: "Add a step" }).click();
  await page.getByRole("menuitem", { name: /Filter rows/ }).click();
  const second = page.getByRole("group", { name: /^Step 2/ });
  await second.getByRole("combobox", { name: "Rows where" }).click();
  await page.getByRole("option", { name: "visits", exact: true }).click();
  await second.getByRole("combobox", { name: "Condition" }).click();
  await page.getByRole("option", { name: "is not", exact: true }).click();
  await second.getByRole("combobox", { name: "Value" }).fill("0");
  await page.keyboard.press("Escape");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Make the new version" }).click();

  await expect(page.getByRole("alert")).toContainText("Step 1: visits is zero or negative", { timeout: 30_000 });
  await expectAccessible(page);
  await page.getByRole("link", { name: "Change the recipe" }).click();
  await expect(first.getByRole("alert")).toContainText("is zero or negative");
  await page.getByRole("button", { name: "Move step 2 up" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Step 1: Filter rows" })).toBeVisible();
  await page.getByRole("button", { name: "Make the new version" }).click();
  await expect(page.getByText("Version 3 · 2 rows, 4 columns")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("table", { name: "" }).getByText("log_visits").first()).toBeVisible();
  await expect(page.getByText("keep the rows where “visits” is not 0").first()).toBeVisible();
});

test("what depends on a version is named before it is deleted", async ({ page, ann }) => {
  const id = await given(ann, "shops", "shop,visits\na,1\nb,2\n");
  const steps = [{ step: "filter", column: "visits", is: { equals: 2 } }] as const;
  const params = { path: { id } };
  await ann.api.POST("/api/v1/datasets/{id}/versions", { params, body: { steps: [...steps] } });
  await signIn(page, ann, `/data/${id}`);
  await expect(page.getByText("There is a newer version: version 2")).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Delete version 1 of shops" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("version 2 stays, with the recipe it was made by");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL(/\/data$/);
  await page.getByRole("table").getByRole("link", { name: "shops" }).click();
  await expect(page.getByText(/Version 2/).first()).toBeVisible();
  await page.goto(`/data/${id}`);
  await expect(page.getByRole("alert")).toContainText("There is nothing here");
});

test("an analysis that came while the question stood open is shown before it goes", async ({ page, ann }) => {
  const id = await given(ann, "shops", "shop,visits\na,1\nb,2\n");
  const ask = async () => {
    const body = { agent: "causal_impact", dataset_id: id, parameters: { outcome: "visits", treatment: "shop" } };
    const { error } = await ann.api.POST("/api/v1/analyses", { body });
    expect(error).toBeUndefined();
  };
  await ask();
  await signIn(page, ann, `/data/${id}`);
  await page.getByRole("button", { name: "Delete version 1 of shops" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("1 analysis uses it and goes with it");
  await ask();
  await dialog.getByRole("button", { name: /^Delete/ }).click();
  await expect(dialog).toContainText("has changed meanwhile");
  await expect(dialog).toContainText("2 analyses use it and go with it");
  await dialog.getByRole("button", { name: /^Delete/ }).click();
  await expect(page).toHaveURL(/\/data$/);
});

test("datasets are searched by a piece of their name", async ({ page, ann }) => {
  await given(ann, "shops", "shop,visits\na,1\nb,2\n");
  await given(ann, "clinics", "clinic,visits\na,1\nb,2\n");
  await signIn(page, ann, "/data");
  await expect(page.getByRole("table").getByRole("link", { name: /shops/ })).toBeVisible();
  await page.getByLabel("Search by name").fill("LINI");
  await expect(page.getByRole("table").getByRole("link", { name: /shops/ })).toBeHidden();
  await expect(page.getByRole("table").getByRole("link", { name: /clinics/ })).toBeVisible();
  await page.getByLabel("Search by name").fill("nowhere");
  await expect(page.getByText("No dataset is called like “nowhere”")).toBeVisible();
});

test("a viewer looks, a stranger finds nothing", async ({ page, ann, bob }) => {
  const made = await ann.api.POST("/api/v1/workspaces", { body: { name: "Shared" } });
  const workspace_id = made.data?.id ?? "";
  const sent = await ann.api.POST("/api/v1/datasets", {
    params: { query: { name: "shops", workspace_id } },
    body: "shop,visits\na,1\nb,2\n",
    bodySerializer: (text) => text,
    headers: { "content-type": "text/csv" },
  });
  const path = `/data/${sent.data?.id ?? ""}`;
  await signIn(page, bob, path);
  await expect(page.getByRole("alert")).toContainText("There is nothing here");
  await ann.api.POST("/api/v1/workspaces/{id}/members", {
    params: { path: { id: workspace_id } },
    body: { email: bob.email, role: "viewer" },
  });
  await page.goto(path);
  await expect(page.getByRole("heading", { level: 1, name: "shops" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Download" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Ask about this data" })).toBeHidden();
  await expect(page.getByRole("button", { name: /Delete|New version/ })).toHaveCount(0);
  await page.goto("/data");
  await page.getByRole("combobox", { name: "Workspace" }).click();
  await page.getByRole("option", { name: "Shared" }).click();
  await expect(page.getByRole("table").getByRole("link", { name: "shops" })).toBeVisible();
  await expect(page.getByLabel("Files to upload")).toHaveCount(0);
});
