import { expect, it } from "vitest";

import { auditQuery, detailWords, shortIds } from "./auditFilter";

it("asks for whole days in the reader's zone", () => {
  const { since, until } = auditQuery({ since: "2026-03-28", until: "2026-03-29" });
  expect(new Date(since ?? "").getTime()).toBe(new Date(2026, 2, 28).getTime());
  // The day after, wherever the clocks change in between.
  expect(new Date(until ?? "").getTime()).toBe(new Date(2026, 2, 30).getTime());
});

it("leaves out what is empty or no day", () => {
  expect(auditQuery({ target: "  ", since: "yesterday", action: "analysis" })).toEqual({ action: "analysis" });
});

it("says a line's detail in one line", () => {
  expect(detailWords({ role: "viewer", ids: [1, 2], none: null })).toBe("role: viewer, ids: [1,2], none: null");
  expect(detailWords(undefined)).toBe("");
});

it("cuts ids short and nothing else", () => {
  expect(shortIds("session: 0190d1f4-0000-7000-8000-000000000001, role: admin")).toBe("session: 0190d1f4, role: admin");
  expect(shortIds("deadbeef")).toBe("deadbeef");
});
