import { expect, test } from "vitest";

import type { RecipeStep } from "./types";
import { sayRecipe, sayStep } from "./words";

const steps: readonly (readonly [RecipeStep, string])[] = [
  [{ step: "filter", column: "nodegree", is: { equals: 1 } }, "keep the rows where “nodegree” is 1"],
  [
    { step: "filter", column: "region", is: { none_of: ["a", "b"] } },
    "keep the rows where “region” is neither “a” nor “b”",
  ],
  [
    { step: "filter", column: "age", is: { range: { at_least: 18, below: 65 } } },
    "keep the rows where “age” is at least 18 and below 65",
  ],
  [{ step: "filter", column: "age", is: "not_missing" }, "keep the rows where “age” has a value"],
  [
    { step: "derive", name: "log_age", from: { log: { column: "age" } } },
    "add “log_age”: the natural logarithm of “age”",
  ],
  [
    {
      step: "derive",
      name: "gain",
      from: { difference_from_baseline: { column: "sales", unit: "store", time: "month", gaps: "allow" } },
    },
    "add “gain”: “sales” less its value of the same “store” in the first period (by “month”); periods may be missing",
  ],
  [{ step: "drop", columns: ["data_id"] }, "leave out the column “data_id”"],
  [
    {
      step: "reshape",
      unit: "store",
      time: "month",
      split: "2024-06",
      values: ["sales", "visits"],
      carry: ["region"],
      before: "last",
      gaps: "refuse",
    },
    "make one row for each “store”: of “sales” and “visits” the last value before “2024-06” and the mean from then on (by “month”), with “region” carried along",
  ],
];

test.each(steps)("%j is said", (step, words) => {
  expect(sayStep(step)).toBe(words);
});

test("long lists are cut short", () => {
  const columns = Array.from({ length: 9 }, (_, index) => `c${index}`);
  expect(sayStep({ step: "keep", columns })).toBe("keep only the columns “c0”, “c1”, “c2”, “c3”, “c4” and 4 others");
});

test("a recipe is its steps in order", () => {
  const recipe = { steps: steps.slice(0, 2).map(([step]) => step) };
  expect(sayRecipe(recipe)).toContain("is 1; then keep");
});
