import { utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Page, TestInfo } from "@playwright/test";

import type { Person } from "./api";
import { expect, expectAccessible, signIn, test } from "./fixtures";
import { workbook } from "./workbook";

const NSW = join(import.meta.dirname, "..", "..", "testdata", "nsw.csv");
const CHUNK_BYTES = 8 * 1024 * 1024;

type Files = string | { name: string; mimeType: string; buffer: Buffer }[];

async function choose(page: Page, files: Files): Promise<void> {
  await page.getByLabel("Files to upload").setInputFiles(files);
}

async function upload(page: Page, file: string): Promise<void> {
  await choose(page, file);
  await page.getByRole("button", { name: "Upload", exact: true }).click();
}

/** A table on disk that takes four requests. */
async function largeTable(info: TestInfo): Promise<string> {
  const path = info.outputPath("large.csv");
  const line = "1234567,abcdefgh\n";
  await writeFile(path, `number,letters_\n${line.repeat(Math.ceil((3.5 * CHUNK_BYTES) / line.length))}`);
  return path;
}

/** Runs `then` when the second piece of an upload is on its way. */
function atSecondPiece(page: Page, then: () => void): void {
  let pieces = 0;
  page.on("request", (request) => {
    if (request.method() === "PATCH" && ++pieces === 2) {
      then();
    }
  });
}

/** The offsets at which pieces are sent from now on. */
function offsetsOf(page: Page): number[] {
  const offsets: number[] = [];
  page.on("request", (request) => {
    if (request.method() === "PATCH") {
      offsets.push(Number(request.headers()["upload-offset"]));
    }
  });
  return offsets;
}

test("the file dialog opens by keyboard", async ({ page, ann }) => {
  await signIn(page, ann, "/data");
  const area = page.getByRole("button", { name: "Choose files" });
  await area.focus();
  const choosing = page.waitForEvent("filechooser");
  await page.keyboard.press("Enter");
  await (await choosing).setFiles(NSW);
  await expect(page.getByLabel("Name of the dataset")).toHaveValue("nsw");
});

test("files are dropped, several at once, and one that is no table is refused with line and reason", async ({
  page,
  ann,
}) => {
  await signIn(page, ann, "/data");
  const files = [
    { name: "good.csv", mimeType: "text/csv", buffer: Buffer.from("a,b\n1,2\n") },
    { name: "bad.csv", mimeType: "text/csv", buffer: Buffer.from("a,b\n1,2\n3\n") },
  ];
  await choose(page, files);
  await page.getByRole("button", { name: "Upload 2 files" }).click();
  const refusal = page.getByRole("alert").filter({ hasText: "“bad.csv” was not taken" });
  await expect(refusal.getByText("Line 3")).toBeVisible();
  await expect(refusal).toContainText("1 fields where the header has 2");
  await expect(page.getByRole("table").getByRole("link")).toHaveText(["good"]);
  await expectAccessible(page);
  const choosing = page.waitForEvent("filechooser");
  await refusal.getByRole("button", { name: "Choose the corrected file" }).click();
  const corrected = { name: "bad.csv", mimeType: "text/csv", buffer: Buffer.from("a,b\n1,2\n3,4\n") };
  await (await choosing).setFiles(corrected);
  await expect(page.getByRole("table").getByRole("link")).toHaveText(["bad", "good"]);
});

test("an upload goes on after the network was lost", async ({ page, ann, cable }, info) => {
  const file = await largeTable(info);
  await signInAt(page, cable.url, ann);
  atSecondPiece(page, () => {
    cable.break();
  });
  await upload(page, file);
  await expect(page.getByText("The connection was lost. It goes on by itself.")).toBeVisible({ timeout: 20_000 });
  const offsets = offsetsOf(page);
  cable.mend();
  await expect(page.getByText("Uploaded", { exact: true })).toBeVisible({ timeout: 30_000 });
  expect(offsets[0], "what had arrived is not sent again").toBeGreaterThanOrEqual(CHUNK_BYTES);
});

test("an upload goes on after a reload, with the same file alone", async ({ page, ann, cable }, info) => {
  const file = await largeTable(info);
  await signInAt(page, cable.url, ann);
  atSecondPiece(page, () => {
    cable.break();
  });
  await upload(page, file);
  await expect(page.getByText("It goes on by itself.")).toBeVisible({ timeout: 20_000 });
  await page.getByRole("button", { name: "Pause the upload of large" }).click();
  cable.mend();
  await page.reload();
  const unfinished = page.getByRole("status").filter({ hasText: "The upload of “large.csv” is not finished" });
  await expect(unfinished).toBeVisible();
  await expectAccessible(page);

  const other = info.outputPath("other.csv");
  await writeFile(other, "a\n1\n");
  await continueWith(page, other);
  await expect(unfinished.getByRole("alert")).toContainText("This file is called “other.csv”");
  const offsets = offsetsOf(page);
  await continueWith(page, file);
  await expect(page.getByText("Uploaded", { exact: true })).toBeVisible({ timeout: 30_000 });
  expect(offsets[0]).toBeGreaterThanOrEqual(CHUNK_BYTES);
  await expect(unfinished).toBeHidden();
});

test("a file that was changed is not gone on with, and an unfinished upload can be discarded", async ({
  page,
  ann,
  cable,
}, info) => {
  const file = await largeTable(info);
  await signInAt(page, cable.url, ann);
  atSecondPiece(page, () => {
    cable.break();
  });
  await upload(page, file);
  await expect(page.getByText("It goes on by itself.")).toBeVisible({ timeout: 20_000 });
  await page.getByRole("button", { name: "Pause the upload of large" }).click();
  cable.mend();
  await page.reload();
  await utimes(file, new Date(), new Date(Date.now() - 86_400_000));
  await continueWith(page, file);
  await expect(page.getByRole("alert")).toContainText("was changed since the upload began");
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(page.getByText("is not finished")).toBeHidden();
  await page.reload();
  await expect(page.getByRole("heading", { name: "No data here yet" })).toBeVisible();
  await expect(page.getByText("is not finished")).toBeHidden();
});

test("a token that expires in the middle of an upload is renewed", async ({ page, ann }, info) => {
  const file = await largeTable(info);
  await signIn(page, ann, "/data");
  const tokens = new Set<string | undefined>();
  let refusals = 1;
  await page.route("**/api/v1/uploads/*", async (route, request) => {
    if (request.method() === "PATCH" && request.headers()["upload-offset"] !== "0" && refusals-- > 0) {
      await route.fulfill({ status: 401, contentType: "application/problem+json", body: "{}" });
      return;
    }
    tokens.add(request.headers()["authorization"]);
    await route.continue();
  });
  await upload(page, file);
  await expect(page.getByText("Uploaded", { exact: true })).toBeVisible({ timeout: 30_000 });
  expect(tokens.size, "the token before and the one after").toBe(2);
});

test("a workbook with several sheets asks which", async ({ page, ann }) => {
  await signIn(page, ann, "/data");
  const sheets = {
    First: [["a"], [1]],
    Second: [
      ["store", "sales"],
      ["x", 2],
      ["y", 3],
    ],
  };
  await choose(page, [{ name: "book.xlsx", mimeType: "", buffer: workbook(sheets) }]);
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  const question = page.getByRole("alert").filter({ hasText: "Which sheet of “book.xlsx”?" });
  await question.getByRole("button", { name: "Second" }).click();
  await page.getByRole("link", { name: "Open" }).click();
  await expect(page.getByText("2 rows, 2 columns")).toBeVisible();
  await expect(page.getByText("Excel workbook, sheet “Second”")).toBeVisible();
});

async function signInAt(page: Page, url: string, person: Person): Promise<void> {
  await page.goto(`${url}/sign-in?back=/data`);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByRole("textbox", { name: "Password" }).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/data$/);
}

async function continueWith(page: Page, file: string): Promise<void> {
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose the same file" }).click();
  await (await choosing).setFiles(file);
}
