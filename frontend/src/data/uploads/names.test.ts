import { expect, test } from "vitest";

import { nameOfFile, nameProblem } from "./names";

test.each([
  ["sales.csv", "sales"],
  ["Umsätze 2026.CSV.gz", "Umsätze 2026"],
  ["q1.v2.parquet", "q1.v2"],
  ["book.xlsx", "book"],
  ["notes", "notes"],
  [".csv", ".csv"],
])("a dataset from %s is called %s", (file, name) => {
  expect(nameOfFile(file)).toBe(name);
});

test("names are bounded in characters, not in bytes", () => {
  expect(nameProblem("ü".repeat(200))).toBeUndefined();
  expect(nameProblem("ü".repeat(201))).toContain("201 characters");
  expect(nameProblem("  ")).toContain("name");
  expect(nameProblem("a\nb")).toContain("control");
  expect(nameProblem(nameOfFile(`${"😀".repeat(300)}.csv`))).toBeUndefined();
});
