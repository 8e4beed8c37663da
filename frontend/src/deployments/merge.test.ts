import { describe, expect, it } from "vitest";

import { withState, withStep } from "./merge";
import { deployment, summary } from "./testing";

describe("what a stream tells of a deployment", () => {
  const before = deployment({
    state: "running",
    steps: [
      { step: "soak", state: "running" },
      { step: "canary", state: "waiting" },
    ],
  });

  it("changes its step in its place, and adds those of the way back", () => {
    const soaked = withStep(before, { step: "soak", state: "failed", detail: "errors" });
    expect(soaked.steps.map(({ state }) => state)).toEqual(["failed", "waiting"]);
    const back = withStep(soaked, { step: "restore", state: "running" });
    expect(back.steps.map(({ step }) => step)).toEqual(["soak", "canary", "restore"]);
    expect(before.steps[0]?.state).toBe("running");
  });

  it("changes its state, but never wakes what has ended", () => {
    const ended = withState(before, summary({ state: "taken_back", reason: "errors" }));
    expect(ended).toMatchObject({ state: "taken_back", reason: "errors", steps: before.steps });
    expect(withState(ended, summary({ state: "running" }))).toBe(ended);
    expect(withState(ended, summary({ id: 13, state: "live" }))).toBe(ended);
  });
});
