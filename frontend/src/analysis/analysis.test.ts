import { describe, expect, it } from "vitest";

import type { CausalImpactResult } from "../result/types";
import { results } from "../result/testdata/results";
import { answerDifference, estimatesSideBySide, questionDifferences, sameQuestion } from "./comparison";
import { ordinal, remainingNow, sinceThen, untilThen } from "./countdown";
import { failureWords } from "./failure";
import { type Analysis, parameterTitle, questionOf, rolesOf } from "./question";

const schema = {
  properties: {
    covariates: { title: "Covariates", "x-role": "confounder" },
    outcome: { title: "Outcome", "x-role": "outcome" },
    treatment: { title: "Treatment", "x-role": "treatment" },
    unit: { title: "Unit", "x-role": "unit" },
    made_up: { title: "Made up", "x-role": "moon" },
    seed: { title: "Seed" },
  },
};
const asked = (parameters: Record<string, unknown>, more: Partial<Analysis> = {}) =>
  ({ agent: "causal_impact", agent_version: 2, dataset_id: "d1", parameters, ...more }) as Analysis;

describe("a question", () => {
  it("is told by its roles, the most telling first, unknown ones too", () => {
    const parameters = { outcome: "y", treatment: "t", covariates: ["a", "b"], unit: null, made_up: "m", seed: 1 };
    expect(rolesOf(parameters, schema).map(({ role }) => role)).toEqual(["treatment", "outcome", "confounder", "moon"]);
    expect(rolesOf(parameters, undefined)).toEqual([]);
    expect(parameterTitle("seed", schema)).toBe("Seed");
    expect(parameterTitle("value_per_unit", schema)).toBe("Value per unit");
  });

  it("has a title of a few words", () => {
    expect(questionOf(asked({ outcome: "y", treatment: "t" }))).toBe("Did t move y?");
    expect(questionOf(asked({ outcome: "y", treatment: null, treatment_start: "start" }))).toBe("Did start move y?");
    expect(questionOf(asked({}, { agent: "made_up" }))).toBe("made up");
    expect(questionOf(asked({ outcome: "y" }), "Forecast")).toBe("Forecast: y");
  });
});

describe("two questions", () => {
  it("differ in what is not the same, by its title", () => {
    const left = asked({ outcome: "y", covariates: ["a"], seed: 1, unit: null });
    const right = asked({ outcome: "y", covariates: ["a", "b"], seed: 1 }, { dataset_id: "d2" });
    expect(questionDifferences(left, right, schema, (id) => `data ${id ?? ""}`)).toEqual([
      { name: "Data", left: "data d1", right: "data d2" },
      { name: "Covariates", left: "a", right: "a, b" },
    ]);
    expect(questionDifferences(left, left, schema, String)).toEqual([]);
  });

  it("are the same whatever the order and the data", () => {
    expect(sameQuestion(asked({ a: 1, b: 2 }), asked({ b: 2, a: 1 }, { dataset_id: "d2" }))).toBe(true);
    expect(sameQuestion(asked({ a: 1 }), asked({ a: 2 }))).toBe(false);
  });

  it("have answers whose difference is told in a sentence", () => {
    const { experiment, observational, panel } = results;
    expect(answerDifference(observational, experiment)).toBe(
      `The right answer is 976.7 higher than the left one (1,676 against 699.1); the intervals overlap, so chance may explain the difference. Only the right one's interval excludes "no effect".`,
    );
    expect(answerDifference(experiment, experiment)).toBe("Both answers are the same number.");
    expect(answerDifference(experiment, panel)).toMatch(/different outcomes/);
    const far: CausalImpactResult = {
      ...experiment,
      estimate: 9000,
      interval: { confidence_level: 0.95, lower: 8000, upper: 10_000 },
    };
    expect(answerDifference(experiment, far)).toMatch(/do not overlap\.$/);
  });

  it("have estimators side by side, also those that one of them lacks", () => {
    const { rows } = estimatesSideBySide(results.observational, results.experiment);
    const row = (name: string) => rows.find(([estimator]) => estimator === name);
    expect(row("Difference in means")?.at(-1)).toBeCloseTo(10_292, 0);
    expect(row("ANCOVA")?.at(-1)).toBeNull();
  });
});

describe("words of waiting", () => {
  it("count down from when they were heard", () => {
    const progress = { attempt: 1, fraction: 0.5, step: "s", remainingS: 90, heardAt: 1_000_000 };
    expect(remainingNow(progress, 1_030_000)).toBe("about 1 min 0 s left");
    expect(remainingNow(progress, 1_200_000)).toBe("nearly done");
    expect(remainingNow({ ...progress, remainingS: undefined }, 0)).toBeUndefined();
    expect(untilThen("2026-01-01T00:00:10Z", Date.parse("2026-01-01T00:00:00Z"))).toBe("in 10 s");
    expect(untilThen("2026-01-01T00:00:00Z", Date.parse("2026-01-01T00:00:09Z"))).toBe("any moment now");
    expect(sinceThen("2026-01-01T00:00:00Z", Date.parse("2026-01-01T00:01:20Z"))).toBe("1 min 20 s");
  });

  it("number places", () => {
    expect([1, 2, 3, 4, 11, 12, 21, 113, 1002].map(ordinal)).toEqual([
      ...["1st", "2nd", "3rd", "4th", "11th", "12th", "21st", "113th", "1,002nd"],
    ]);
  });

  it("tell every reason, known or not", () => {
    expect(failureWords("user_error").retry).toBe(false);
    expect(failureWords("timeout").advice).toMatch(/fewer/);
    expect(failureWords("something new").title).toBe("It ended without a result");
  });
});
