import { describe, expect, it } from "vitest";

import { find, pieces, turn } from "./find";

const shown = (...texts: string[]) => ({
  lines: texts.map((line, index) => ({ seq: index + 1, at: "2026-11-26T10:00:00Z", line })),
  count: texts.length,
  dropped: 0,
});

describe("searching a log", () => {
  it("finds lines whatever the case, and only those that are shown", () => {
    const log = shown("Error: one", "fine", "no error", "error later");
    expect(find(log, "ERROR")).toEqual([0, 2, 3]);
    expect(find({ ...log, count: 3 }, "error")).toEqual([0, 2]);
    expect(find(log, "")).toEqual([]);
    expect(find(log, "(")).toEqual([]);
  });

  it("cuts a line so that every second piece is a hit", () => {
    expect(pieces("Error, error", "error")).toEqual(["", "Error", ", ", "error", ""]);
    expect(pieces("nothing", "error")).toEqual(["nothing"]);
    expect(pieces("nothing", "")).toEqual(["nothing"]);
    expect(pieces("İ error", "error").join("")).toBe("İ error");
  });

  it("goes around the ends", () => {
    expect([turn(3, 2, 1), turn(3, 0, -1), turn(3, 0, 1), turn(0, 0, 1)]).toEqual([0, 2, 1, 0]);
  });
});
