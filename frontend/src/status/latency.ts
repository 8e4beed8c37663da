import type { EChartsOption } from "echarts";

import { BASE, QUIET } from "../charts/scale";
import { formatTime } from "../format";
import type { Latency, LatencyPoint, StatusEvent } from "./types";
import { answerTime } from "./words";

/** A gap this many steps long is a gap, not a slope. */
const GAP_STEPS = 1.5;
const DOWN = "#e03131";

type Point = readonly [at: number, ms: number | null];

/** One line of a part's latencies, broken where nothing was measured. */
export function lineOf(
  { points, step_s: step }: Latency,
  value: (point: LatencyPoint) => number | null | undefined,
): Point[] {
  const line: Point[] = [];
  let before: number | undefined;
  for (const point of points) {
    const at = new Date(point.at).getTime();
    if (before !== undefined && at - before > step * 1000 * GAP_STEPS) {
      line.push([before + step * 1000, null]);
    }
    line.push([at, value(point) ?? null]);
    before = at;
  }
  return line;
}

/** How long a part took to answer, with looks that failed and what was released meanwhile. */
export function latencyChart(latency: Latency, releases: readonly StatusEvent[]): EChartsOption {
  const failed = latency.points.filter(({ failures }) => failures > 0);
  return {
    ...BASE,
    grid: { ...BASE.grid, top: 36 },
    legend: {
      top: 0,
      left: 8,
      itemWidth: 14,
      itemHeight: 10,
      data: ["mean", "slowest", ...(failed.length > 0 ? ["failed looks"] : [])],
    },
    xAxis: { type: "time", axisLabel: { hideOverlap: true }, splitLine: { show: false } },
    yAxis: {
      type: "value",
      min: 0,
      splitNumber: 3,
      axisLabel: { formatter: (ms: number) => (ms === 0 ? "0 ms" : answerTime(ms)) },
    },
    tooltip: {
      trigger: "axis",
      confine: true,
      formatter: (shown: unknown) => {
        const [first] = shown as readonly { value: Point }[];
        const point = latency.points.find(({ at }) => new Date(at).getTime() === first?.value[0]);
        return point ? pointWords(point) : "";
      },
    },
    series: [
      {
        name: "slowest",
        type: "line",
        showSymbol: false,
        lineStyle: { width: 1, type: "dashed", color: QUIET },
        itemStyle: { color: QUIET },
        data: lineOf(latency, ({ max_ms: ms }) => ms) as [number, number][],
      },
      {
        name: "mean",
        type: "line",
        showSymbol: latency.points.length < 3,
        lineStyle: { width: 2 },
        data: lineOf(latency, ({ mean_ms: ms }) => ms) as [number, number][],
        markLine: {
          silent: true,
          symbol: "none",
          lineStyle: { color: QUIET, type: "solid", width: 1 },
          label: { formatter: "release", color: QUIET, fontSize: 10 },
          data: releases.map(({ at }) => ({ xAxis: new Date(at).getTime() })),
        },
      },
      {
        name: "failed looks",
        type: "scatter",
        symbol: "triangle",
        symbolSize: 8,
        itemStyle: { color: DOWN },
        data: failed.map(({ at }) => [new Date(at).getTime(), 0]),
      },
    ],
  };
}

function pointWords({ at, mean_ms: mean, max_ms: max, failures, looks }: LatencyPoint): string {
  return [
    formatTime(at),
    ...(typeof mean === "number" ? [`mean ${answerTime(mean)}`] : []),
    ...(typeof max === "number" ? [`slowest ${answerTime(max)}`] : []),
    `${failures} of ${looks} looks failed`,
  ].join("<br>");
}

/** The plot in a sentence. */
export function latencyWords({ points }: Latency): string {
  const means = points.flatMap(({ mean_ms: mean }) => (typeof mean === "number" ? [mean] : []));
  const slowest = Math.max(0, ...points.map(({ max_ms: max }) => max ?? 0));
  const failures = points.reduce((sum, point) => sum + point.failures, 0);
  const looks = points.reduce((sum, point) => sum + point.looks, 0);
  if (looks === 0) {
    return "It was not looked at in this time.";
  }
  const failed = failures === 0 ? "No look failed." : `${failures} of ${looks} looks failed.`;
  if (means.length === 0) {
    return failed;
  }
  const middle = means.toSorted((one, other) => one - other)[Math.floor(means.length / 2)] ?? 0;
  return `Usually ${answerTime(middle)}, at the slowest ${answerTime(slowest)}. ${failed}`;
}
