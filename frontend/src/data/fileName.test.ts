import { expect, test } from "vitest";

import { fileNameOf } from "./fileName";

test.each([
  [{ kind: "text", delimiter: 44, gzip: false } as const, "a_b-v2.csv"],
  [{ kind: "text", delimiter: 59, gzip: true } as const, "a_b-v2.csv.gz"],
  [{ kind: "text", delimiter: 9, gzip: false } as const, "a_b-v2.tsv"],
  [{ kind: "parquet" } as const, "a_b-v2.parquet"],
  [{ kind: "xlsx", sheet: "Q1" } as const, "a_b-v2.xlsx"],
])("a file of the format %j is called %s", (format, name) => {
  expect(fileNameOf({ name: "a/b", version: 2, schema: { columns: [], rows: 1, format } })).toBe(name);
});
