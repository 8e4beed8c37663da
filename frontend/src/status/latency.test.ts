import { describe, expect, it } from "vitest";

import { drawSvg } from "../charts/drawSvg";
import { latencyChart, latencyWords, lineOf } from "./latency";
import type { Latency, LatencyPoint } from "./types";

const point = (minute: number, change: Partial<LatencyPoint> = {}): LatencyPoint => ({
  at: new Date(Date.UTC(2026, 10, 26, 10, minute)).toISOString(),
  mean_ms: 2,
  max_ms: 5,
  failures: 0,
  looks: 6,
  ...change,
});
const latency = (...points: LatencyPoint[]): Latency => ({ id: "postgres", step_s: 60, points });

describe("the plot of answer times", () => {
  it("is broken where nothing was measured", () => {
    const line = lineOf(latency(point(0), point(1), point(5), point(6, { mean_ms: null })), ({ mean_ms: ms }) => ms);
    expect(line.map(([, ms]) => ms)).toEqual([2, 2, null, 2, null]);
  });

  it("can be drawn, with releases and failed looks, and with nothing", () => {
    const release = { at: point(3).at, kind: "released", words: "a release" } as const;
    const drawn = latencyChart(latency(point(0), point(4, { failures: 2, mean_ms: null })), [release]);
    const svg = drawSvg(drawn, { width: 600, height: 200 });
    expect(svg).toContain("failed looks");
    expect(svg).toContain("release");
    expect(drawSvg(latencyChart(latency(), []), { width: 600, height: 200 })).toContain("<svg");
  });

  it("is told in a sentence", () => {
    expect(latencyWords(latency(point(0), point(1, { mean_ms: 3, max_ms: 40 }), point(2)))).toBe(
      "Usually 2 ms, at the slowest 40 ms. No look failed.",
    );
    expect(latencyWords(latency(point(0, { mean_ms: null, max_ms: null, failures: 6 })))).toBe("6 of 6 looks failed.");
    expect(latencyWords(latency())).toBe("It was not looked at in this time.");
  });
});
