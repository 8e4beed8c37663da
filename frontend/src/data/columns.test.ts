import { expect, test } from "vitest";

import { barsOf, columnOf, counted, distinctWords, shareWords, summaryOf, warningsAbout } from "./columns";
import type { ColumnProfile } from "./datasets";

function column(more: Partial<ColumnProfile>): ColumnProfile {
  return { name: "x", type: "text", missing: 0, distinct: 0, distinct_exact: true, top_values: [], ...more };
}

const numeric = {
  min: 0,
  max: 20,
  mean: 5,
  standard_deviation: 1,
  quantiles: [],
  quantiles_exact: true,
  histogram: [3, 1],
};

test("few numbers have a bar each, in their order", () => {
  const treat = column({
    type: "integer",
    distinct: 2,
    numeric,
    top_values: [
      { value: "10", count: 4 },
      { value: "2", count: 3 },
    ],
  });
  expect(barsOf(treat, 7)).toEqual({
    of: "values",
    bars: [
      { label: "2", count: 3 },
      { label: "10", count: 4 },
    ],
    others: 0,
  });
});

test("many numbers are ranges", () => {
  const { of, bars } = barsOf(column({ type: "float", distinct: 30, numeric }), 4);
  expect(of).toBe("ranges");
  expect(bars).toEqual([
    { label: "0 to 10", count: 3 },
    { label: "10 to 20", count: 1 },
  ]);
});

test("what is not among the top values is not lost", () => {
  const region = column({ distinct: 90, missing: 10, top_values: [{ value: "north", count: 50 }] });
  expect(barsOf(region, 100)).toEqual({ of: "values", bars: [{ label: "north", count: 50 }], others: 40 });
});

test("values in one line", () => {
  expect(summaryOf(column({ type: "float", distinct: 3, numeric }))).toBe("0 to 20, mean 5");
  expect(summaryOf(column({ type: "empty" }))).toBe("no values");
  const date = column({ type: "date", distinct: 9, time_range: ["2024-01-01T00:00:00Z", "2024-03-01T00:00:00Z"] });
  expect(summaryOf(date)).toBe("2024-01-01 to 2024-03-01");
  const many = ["a", "b", "c", "d"].map((value) => ({ value, count: 1 }));
  expect(summaryOf(column({ distinct: 4, top_values: many }))).toBe("a, b, c, …");
});

test("shares do not lie at their ends", () => {
  expect([0, 1, 500, 999, 1000].map((count) => shareWords(count, 1000))).toEqual([
    "0 %",
    "< 1 %",
    "50 %",
    "> 99 %",
    "100 %",
  ]);
  expect(distinctWords(column({ distinct: 12_345, distinct_exact: false }))).toBe("about 12,345");
});

test("one is not many", () => {
  expect([counted(1, "row"), counted(0, "row"), counted(1445, "row")]).toEqual(["1 row", "0 rows", "1,445 rows"]);
});

test("a warning belongs to the column that it names", () => {
  const warnings = ["`a` is constant: each of its values is `b`", "`b c` is empty: no row has a value"];
  expect(warningsAbout("a", warnings)).toHaveLength(1);
  expect(warningsAbout("b", warnings)).toEqual([]);
  expect(columnOf(warnings[1] ?? "", ["a", "b", "b c"])).toBe("b c");
});
