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

  it("changes its state, also that of what was live already", () => {
    const live = withState(before, summary({ state: "live" }));
    expect(live).toMatchObject({ state: "live", steps: before.steps });
    expect(withState(live, summary({ state: "taking_back", reason: "errors" })).state).toBe("taking_back");
    expect(withState(live, summary({ id: 13, state: "running" }))).toBe(live);
  });
});
