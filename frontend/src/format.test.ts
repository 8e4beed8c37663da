import { describe, expect, it } from "vitest";

import { formatAgo, formatBytes, formatNumber, formatPValue, formatSeconds } from "./format";

describe("numbers for people", () => {
  it("keeps what matters of a number", () => {
    expect([1794.34, -0.0391234, 0, 1e-7, 3.2e14].map(formatNumber)).toEqual([
      "1,794",
      "-0.03912",
      "0",
      "1.000e-7",
      "3.200e+14",
    ]);
    expect(formatNumber(Number.POSITIVE_INFINITY)).toBe("infinite");
  });

  it("never prints a p-value of zero", () => {
    expect([1e-9, 0.0421].map(formatPValue)).toEqual(["< 0.001", "0.042"]);
  });

  it("says sizes and durations in the unit that fits", () => {
    expect([12, 2048, 5 * 1024 ** 3].map(formatBytes)).toEqual(["12 B", "2.0 KiB", "5.0 GiB"]);
    expect([0.2, 59.6, 80, 7260].map(formatSeconds)).toEqual(["under 1 s", "1 min 0 s", "1 min 20 s", "2 h 1 min"]);
  });

  it("says how long ago something was", () => {
    const now = Date.parse("2026-11-26T12:00:00Z");
    expect(formatAgo("2026-11-26T11:55:00Z", now)).toBe("5 minutes ago");
    expect(formatAgo("2026-11-26T11:59:58Z", now)).toBe("just now");
    expect(formatAgo("2026-11-25T12:00:00Z", now)).toBe("yesterday");
  });
});
