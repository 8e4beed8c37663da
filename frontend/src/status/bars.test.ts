import { describe, expect, it } from "vitest";

import { barAt, barWords, barsOf, levelOf, stripWords, troubledDays } from "./bars";
import { day } from "./testing";

const DAYS = [
  day("2026-11-01", { observed_s: 0, up_share: null }),
  day("2026-11-02"),
  day("2026-11-03", { down_s: 720, up_share: 0.99, incidents: 1 }),
  day("2026-11-04", { warn_s: 60 }),
];

describe("the bars", () => {
  it("say of each day the worst", () => {
    expect(DAYS.map(levelOf)).toEqual(["none", "pass", "fail", "warn"]);
    expect(levelOf(day("2026-11-03", { down_s: 1, warn_s: 50_000 }))).toBe("fail");
    expect(levelOf(undefined)).toBe("none");
  });

  it("are as many as there are to be, with the newest at the end", () => {
    expect(barsOf(DAYS, 6).map(({ level }) => level)).toEqual(["none", "none", "none", "pass", "fail", "warn"]);
    expect(barsOf(DAYS, 2).map(({ day: one }) => one?.date)).toEqual(["2026-11-03", "2026-11-04"]);
    expect(barsOf([], 3)).toHaveLength(3);
  });

  it("are told one by one", () => {
    expect(barsOf(DAYS, 5).map(barWords)).toEqual([
      "not observed",
      "1 Nov 2026: not observed",
      "2 Nov 2026: well",
      "3 Nov 2026: down for 12 min 0 s, 1 incident",
      "4 Nov 2026: needed a look for 1 min 0 s",
    ]);
  });

  it("are found by the pointer, at the edges too", () => {
    expect([-0.1, 0, 0.49, 0.5, 1].map((share) => barAt(share, 90))).toEqual([0, 0, 44, 45, 89]);
  });
});

describe("the strip in words", () => {
  it("counts days and time", () => {
    expect(stripWords(DAYS)).toBe(
      "The last 4 days: down on 1 of them, for 12 min 0 s in all; needed a look on 1; 1 not observed.",
    );
    expect(stripWords(DAYS.slice(1, 2))).toBe("The last day: well on all that were observed.");
    expect(stripWords(DAYS.slice(0, 1))).toBe("The last day: not observed.");
  });

  it("names the days of trouble, the newest first", () => {
    expect(troubledDays(DAYS).map(({ date }) => date)).toEqual(["2026-11-04", "2026-11-03"]);
  });
});
