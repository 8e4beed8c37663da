import { expect, test } from "vitest";

import { begun, built, columnsOf, recipeOf, stagesOf } from "./builder";
import { draftOf, emptyDraft } from "./draft";
import { toStep } from "./toStep";
import type { RecipeColumn, RecipeStep } from "./types";

const columns: readonly RecipeColumn[] = [
  { name: "store", type: "text" },
  { name: "month", type: "text" },
  { name: "day", type: "date" },
  { name: "sales", type: "float" },
  { name: "visits", type: "integer" },
  { name: "open", type: "boolean" },
];

const everyKind: readonly RecipeStep[] = [
  { step: "filter", column: "sales", is: { range: { above: 0, at_most: 1e6 } } },
  { step: "filter", column: "day", is: { range: { at_least: "2024-01-01" } } },
  { step: "filter", column: "store", is: { one_of: ["007", "a, b"] } },
  { step: "filter", column: "visits", is: { none_of: [1, 2.5] } },
  { step: "filter", column: "open", is: { equals: true } },
  { step: "filter", column: "store", is: { not_equals: " x" } },
  { step: "filter", column: "store", is: "not_missing" },
  { step: "derive", name: "l", from: { log: { column: "sales" } } },
  { step: "derive", name: "l1", from: { log1p: { column: "visits" } } },
  { step: "derive", name: "d", from: { difference: { column: "l", minus: "visits" } } },
  { step: "derive", name: "r", from: { ratio: { column: "sales", over: "visits" } } },
  {
    step: "derive",
    name: "g",
    from: {
      difference_from_baseline: { column: "d", unit: "store", time: "month", period: "2024-01", gaps: "allow" },
    },
  },
  { step: "drop", columns: ["day"] },
  {
    step: "reshape",
    unit: "store",
    time: "month",
    split: "2024-06",
    values: ["sales", "g"],
    carry: ["open"],
    before: "last",
    gaps: "refuse",
  },
  { step: "keep", columns: ["store", "g_after"] },
];

test("a kept recipe can be taken up and is sent as it was", () => {
  const stages = stagesOf(begun({ steps: [...everyKind] }).steps, columns);
  expect(recipeOf(stages)).toEqual({ steps: everyKind });
  expect(columnsOf(stages, columns).map(({ name }) => name)).toEqual(["store", "g_after"]);
  expect(columnsOf(stages.slice(0, -1), columns).map(({ name }) => name)).toEqual([
    "store",
    "open",
    "sales_before",
    "sales_after",
    "g_before",
    "g_after",
  ]);
});

test("what is missing is told at its step", () => {
  let state = begun();
  expect(recipeOf(stagesOf(state.steps, columns))).toEqual([{ step: undefined, detail: "Add at least one step." }]);
  for (const kind of ["filter", "derive", "keep", "reshape"] as const) {
    state = built(state, { do: "add", draft: emptyDraft(kind) });
  }
  const problems = recipeOf(stagesOf(state.steps, columns));
  if (!Array.isArray(problems)) {
    throw new Error("it is complete?");
  }
  const told = problems as readonly { readonly step: number }[];
  expect(told.map(({ step }) => step)).toEqual([0, 1, 1, 2, 3, 3, 3, 3]);
});

test.each([
  ["visits", "many", "no number"],
  ["open", "yes", "neither true nor false"],
  ["store", "", "Say which value"],
])("a value of %s cannot be “%s”", (column, value, words) => {
  const draft = { ...draftOf({ step: "filter", column, is: { equals: "" } }), values: [value] };
  const written = toStep(draft, columns);
  expect("missing" in written ? written.missing.join() : "").toContain(words);
});

test("problems stay with their step when it moves, and go when it changes", () => {
  const recipe = { steps: everyKind.slice(7, 9) };
  let state = begun(recipe, [
    { step: 1, detail: "no" },
    { step: undefined, detail: "all of it" },
  ]);
  const key = state.steps[1]?.key ?? -1;
  state = built(state, { do: "move", key, by: -1 });
  expect(state.steps.map((step) => step.key)).toEqual([1, 0]);
  expect(state.problems.get(key)).toEqual(["no"]);
  expect(state.general).toEqual(["all of it"]);
  state = built(state, { do: "move", key, by: -1 });
  expect(state.steps[0]?.key).toBe(key);
  state = built(state, { do: "change", key, draft: emptyDraft("drop") });
  expect(state.problems.size).toBe(0);
  state = built(state, { do: "remove", key });
  expect(state.steps).toHaveLength(1);
});

test("a later step sees the columns of the earlier ones", () => {
  const stages = stagesOf(begun({ steps: everyKind.slice(7, 9) }).steps, columns);
  expect(stages[1]?.columns.map(({ name }) => name)).toContain("l");
  const again = toStep(draftOf({ step: "derive", name: "sales", from: { log: { column: "visits" } } }), columns);
  expect("missing" in again ? again.missing.join() : "").toContain("already");
});
