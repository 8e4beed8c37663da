import { expect, it } from "vitest";

import { newWindow, windowProblems } from "./announce";

const NOW = new Date("2026-11-26T10:00:30Z");
const FORM = { parts: ["gateway"], from: "2026-11-27T12:00", minutes: "60", reason: " New disk. " };

it("maintenance lasts as long as was said, from then on", () => {
  const from = new Date(FORM.from);
  expect(newWindow(FORM, NOW)).toEqual({
    parts: ["gateway"],
    from: from.toISOString(),
    until: new Date(from.getTime() + 3_600_000).toISOString(),
    reason: "New disk.",
  });
});

it("a beginning that has just passed is now", () => {
  const window = newWindow({ ...FORM, from: "2026-11-01T12:00", minutes: "15" }, NOW);
  expect([window?.from, window?.until]).toEqual(["2026-11-26T10:00:30.000Z", "2026-11-26T10:15:30.000Z"]);
});

it("what is missing is told by field, and nothing is sent", () => {
  expect(windowProblems(FORM)).toEqual({});
  const nothing = { ...FORM, from: "", reason: "  " };
  expect(Object.keys(windowProblems(nothing))).toEqual(["from", "reason"]);
  expect(newWindow(nothing, NOW)).toBeUndefined();
});
