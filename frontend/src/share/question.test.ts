import { expect, it } from "vitest";

import { questionOf } from "./question";

const schema = {
  properties: {
    outcome: { title: "Outcome", "x-role": "outcome" },
    treatment: { title: "Treatment", "x-role": "treatment" },
    covariates: { title: "Covariates", "x-role": "confounder" },
    unit: { title: "Unit", "x-role": "unit" },
    folds: { title: "Folds", default: 5 },
    design: { title: "Design", default: "auto" },
  },
};

it("says a causal question from the roles alone, with what was chosen besides", () => {
  const parameters = {
    outcome: "re78",
    treatment: "treat",
    covariates: ["age", "educ"],
    unit: null,
    folds: 5,
    design: "randomised",
  };
  expect(questionOf(parameters, schema, "Effect")).toEqual({
    sentence: "Did treat change re78?",
    roles: [
      { name: "Outcome", columns: ["re78"] },
      { name: "Treatment", columns: ["treat"] },
      { name: "Covariates", columns: ["age", "educ"] },
    ],
    settings: { Design: "randomised" },
  });
});

it("falls back to what the agent does, also where its schema is gone", () => {
  expect(questionOf({ rows: 3 }, undefined, "Canary")).toEqual({
    sentence: "Canary",
    roles: [],
    settings: { rows: 3 },
  });
});
