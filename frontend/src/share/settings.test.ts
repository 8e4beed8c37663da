import { expect, it } from "vitest";

import { chosenSettings } from "./settings";

const schema = {
  properties: {
    outcome: { title: "Outcome", "x-role": "outcome" },
    unit: { title: "Unit", "x-role": "unit" },
    folds: { title: "Folds", default: 5 },
    squared: { title: "Squared covariates", default: [] },
    design: { title: "Design", default: "auto" },
  },
};

it("keeps what somebody chose, roles and defaults left out", () => {
  const parameters = { outcome: "re78", unit: null, folds: 5, squared: [], design: "randomised" };
  expect(chosenSettings(parameters, schema)).toEqual([["Design", "randomised"]]);
});

it("keeps what was set also where the schema is gone", () => {
  expect(chosenSettings({ rows: 3, seed: null }, undefined)).toEqual([["Rows", 3]]);
});
