import { describe, expect, test } from "vitest";

import { isOnItsWay, type MlflowRun, mlflowWords } from "./words";

const run = (state: MlflowRun["state"], detail: string | null = null): MlflowRun => ({
  state,
  detail,
  path: null,
  run_id: null,
});

describe("what became of an analysis in MLflow", () => {
  test("it is asked again only while it is on its way", () => {
    expect(isOnItsWay(run("pending"))).toBe(true);
    expect([run("logged"), run("failed"), run("off"), null, undefined].some(isOnItsWay)).toBe(false);
  });

  test("the reason is told where there is one", () => {
    expect(mlflowWords(run("pending"))).toContain("in the background");
    expect(mlflowWords(run("pending", "MLflow does not answer"))).toContain("tried again. MLflow does not answer.");
    expect(mlflowWords(run("failed", "no."))).toBe("Not in MLflow, and not tried again. no.");
  });

  test("where nothing is logged nothing is said", () => {
    expect(mlflowWords(run("off"))).toBeUndefined();
  });
});
