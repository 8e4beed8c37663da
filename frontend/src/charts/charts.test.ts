import { describe, expect, it } from "vitest";

import { level, roundLevels } from "./contour";
import { drawSvg } from "./drawSvg";
import { eventStudy, twoTimes } from "./eventStudy";
import { forest, forestHeight } from "./forest";
import { bins, histogram, overlap } from "./histogram";
import { love } from "./love";
import { extent } from "./scale";

interface Series {
  readonly name: string;
  readonly data: readonly (readonly (number | null)[])[];
}
const seriesOf = (option: { series?: unknown }) => option.series as readonly Series[];
const named = (option: { series?: unknown }, name: string, nth = 0) =>
  seriesOf(option).filter((series) => series.name === name)[nth]?.data;

describe("a forest plot", () => {
  const rows = [
    { name: "one", detail: "weighted", estimate: 2, lower: 1, upper: 3, head: true },
    { name: "other", estimate: -1, lower: -2, upper: 0.5 },
  ];

  it("has each interval and estimate, the head for itself, and zero in sight", () => {
    const option = forest({ rows, axis: "effect" });
    expect(named(option, "answer")).toEqual([
      [1, 3, 0],
      [-2, 0.5, 1],
    ]);
    expect(named(option, "answer", 1)).toEqual([[2, 0]]);
    expect(named(option, "others")).toEqual([[-1, 1]]);
    expect(option.dataZoom).toBeUndefined();
    const { min, max } = option.xAxis as { min: number; max: number };
    expect(min).toBeLessThan(-2);
    expect(max).toBeGreaterThan(3);
  });

  it("can be zoomed when there is much, and does not grow for ever", () => {
    const many = Array.from({ length: 5000 }, (_, index) => ({
      name: `arm ${index}`,
      estimate: index,
      lower: index,
      upper: index + 1,
    }));
    expect(forest({ rows: many, axis: "" }).dataZoom).toHaveLength(2);
    expect(forestHeight({ rows: many, axis: "" })).toBeLessThan(2000);
  });
});

describe("a love plot", () => {
  it("has the largest difference first, in size, with what weighting made of it", () => {
    const option = love({
      rows: [
        { name: "small", before: 0.1, after: 0.01 },
        { name: "large", before: -0.5, after: -0.05 },
      ],
      measure: "difference",
      thresholds: [0.1, 0.25],
    });
    expect((option.yAxis as { data: string[] }).data).toEqual(["large", "small"]);
    expect(named(option, "before")).toEqual([
      [0.5, 0],
      [0.1, 1],
    ]);
    expect(named(option, "after weighting")).toEqual([
      [0.05, 0],
      [0.01, 1],
    ]);
    expect(seriesOf(love({ rows: [{ name: "a", before: 1 }], measure: "", thresholds: [0.1] }))).toHaveLength(1);
  });
});

describe("a histogram", () => {
  it("counts every value once", () => {
    const values = Array.from({ length: 1000 }, (_, index) => Math.sin(index) * 10);
    const bars = bins(values);
    expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(1000);
    expect(bars.length).toBeLessThanOrEqual(60);
    expect(bars.every(({ to }, index) => to === (bars[index + 1]?.from ?? to))).toBe(true);
  });

  it("copes with one value, with none and with what is no number", () => {
    expect(bins([])).toEqual([]);
    expect(bins([2, 2, Number.NaN])).toEqual([{ from: 2, to: 2, count: 2 }]);
    expect(extent([])).toEqual([-1, 1]);
    expect(extent([5])[0]).toBeLessThan(5);
  });

  it("keeps the estimate in sight, however far from the bars", () => {
    const option = histogram({ values: [1, 2, 3], marks: [{ at: 40, label: "estimate" }], axis: "" });
    expect((option.xAxis as { max: number }).max).toBeGreaterThan(40);
  });
});

describe("an overlap plot", () => {
  it("shows shares of each arm, one up, one down", () => {
    const option = overlap({ treated: [1, 3], control: [10, 0], support: [0.1, 0.6] });
    expect(named(option, "treated")).toEqual([
      [0.25, 0.25, 1],
      [0.75, 0.75, 3],
    ]);
    expect(named(option, "control")?.[0]).toEqual([0.25, -1, 10]);
  });
});

describe("an event study", () => {
  it("parts what was before the start from what came since", () => {
    const option = eventStudy(
      [
        { time: -2, estimate: 0.1, interval: [-1, 1], band: [-2, 2] },
        { time: -1, estimate: 0 },
        { time: 0, estimate: 3, interval: [2, 4] },
      ],
      "sales",
    );
    expect(named(option, "before the start")).toEqual([
      [-2, 0.1],
      [-1, 0],
    ]);
    expect(named(option, "since the start")).toEqual([
      [-2, -1, 1],
      [0, 2, 4],
    ]);
    expect(named(option, "since the start", 1)).toEqual([[0, 3]]);
    expect(named(option, "band for all at once")).toEqual([[-2, -2, 2]]);
  });

  it("of two times says where the treated would be", () => {
    const option = twoTimes({ before: "0", after: "1", treated: [1, 5], comparison: [2, 3], outcome: "y" });
    expect(named(option, "treated, had they moved in parallel")).toEqual([1, 2]);
  });
});

describe("a contour", () => {
  const x = [0, 1, 2, 3];
  const grid = { x, y: x, values: x.map((b) => x.map((a) => 10 - a * b)) };

  it("finds where a field has a value, along rows and columns", () => {
    const points = level(grid, 8);
    expect(points.length).toBeGreaterThan(3);
    for (const [a, b] of points) {
      expect(10 - a * b).toBeCloseTo(8, 9);
    }
    expect(points.map(([a]) => a)).toEqual(points.map(([a]) => a).sort((one, other) => one - other));
    expect(level(grid, 99)).toEqual([]);
  });

  it("takes round levels", () => {
    expect(roundLevels(0.049, -0.2, 5)).toEqual([-0.2, -0.15, -0.1, -0.05, 0]);
    expect(roundLevels(1, 1, 5)).toEqual([]);
  });
});

describe("a drawing for a file", () => {
  it("is SVG with the names escaped", () => {
    const rows = [{ name: "<b>a & b</b>", estimate: 1, lower: 0, upper: 2 }];
    const svg = drawSvg(forest({ rows, axis: "<i>" }), { width: 600, height: 200 });
    expect(svg).toMatch(/^<svg/);
    expect(svg).toContain("&lt;b&gt;a &amp; b&lt;/b&gt;");
    expect(svg).not.toContain("<b>");
  });
});
