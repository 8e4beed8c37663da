import type { CustomSeriesOption, EChartsOption } from "echarts";

import { formatNumber } from "../format";
import { BASE, QUIET, ZOOM_INSIDE, ZOOM_SLIDER, extent } from "./scale";

export interface EventPoint {
  /** Periods since the start; negative before it. */
  readonly time: number;
  readonly estimate: number;
  readonly interval?: readonly [number, number];
  /** Holds for all times at once. */
  readonly band?: readonly [number, number];
}

/** More periods than can be told apart at once. */
const ZOOM_PERIODS = 60;

/** The effect by time since the start: before it there should be none. */
export function eventStudy(points: readonly EventPoint[], outcome: string): EChartsOption {
  const [low, high] = extent(
    points.flatMap(({ estimate, interval = [], band = [] }) => [estimate, ...interval, ...band]),
    [0],
  );
  const times = points.map(({ time }) => time);
  const before = points.filter(({ time }) => time < 0).map(({ time, estimate }) => [time, estimate]);
  const after = points.filter(({ time }) => time >= 0).map(({ time, estimate }) => [time, estimate]);
  return {
    ...BASE,
    grid: { ...BASE.grid, top: 34, ...(points.length > ZOOM_PERIODS ? { bottom: 36 } : {}) },
    legend: { top: 0, left: 8, data: ["before the start", "since the start"], itemWidth: 10, itemHeight: 10 },
    xAxis: {
      type: "value",
      name: "periods since the start",
      nameLocation: "middle",
      nameGap: 26,
      min: Math.min(...times) - 0.6,
      max: Math.max(...times) + 0.6,
      minInterval: 1,
      splitLine: { show: false },
      axisLine: { onZero: false },
      axisLabel: {
        showMinLabel: false,
        showMaxLabel: false,
        formatter: (value: number) => (Number.isInteger(value) ? String(value) : ""),
      },
    },
    yAxis: {
      type: "value",
      name: `effect on ${outcome}`,
      nameLocation: "end",
      nameTextStyle: { align: "left", padding: [0, 0, 0, 0] },
      min: low,
      max: high,
      axisLine: { onZero: false, show: true },
      axisLabel: { formatter: (value: number) => formatNumber(value), showMinLabel: false, showMaxLabel: false },
    },
    tooltip: {
      trigger: "item",
      confine: true,
      formatter: (shown: unknown) => {
        const [time] = (shown as { value: [number, number] }).value;
        const point = points.find((one) => one.time === time);
        const interval = point?.interval
          ? ` (${formatNumber(point.interval[0])} to ${formatNumber(point.interval[1])})`
          : "";
        return point ? `${time} periods: ${formatNumber(point.estimate)}${interval}` : "";
      },
    },
    ...(points.length > ZOOM_PERIODS ? { dataZoom: [ZOOM_INSIDE, { ...ZOOM_SLIDER, height: 18, bottom: 4 }] } : {}),
    series: [
      band(points),
      whiskers(points),
      {
        name: "before the start",
        type: "scatter",
        symbolSize: 8,
        itemStyle: { color: QUIET },
        data: before,
        markLine: {
          silent: true,
          symbol: "none",
          label: { show: false },
          data: [
            { yAxis: 0, lineStyle: { color: QUIET, type: "solid" } },
            { xAxis: -0.5, lineStyle: { color: QUIET, type: "dashed" } },
          ],
        },
      },
      { name: "since the start", type: "scatter", symbolSize: 10, data: after },
    ],
  };
}

function band(points: readonly EventPoint[]): CustomSeriesOption {
  const banded = points.flatMap(({ time, band: ends }) => (ends ? [[time, ...ends]] : []));
  return {
    name: "band for all at once",
    type: "custom",
    silent: true,
    z: 1,
    data: banded,
    encode: { x: 0, y: [1, 2] },
    renderItem(_params, api) {
      const time = api.value(0) as number;
      const [left = 0, top = 0] = api.coord([time - 0.5, api.value(2)]);
      const [right = 0, bottom = 0] = api.coord([time + 0.5, api.value(1)]);
      return {
        type: "rect",
        shape: { x: left, y: top, width: right - left, height: bottom - top },
        style: { fill: QUIET, opacity: 0.14 },
      };
    },
  };
}

function whiskers(points: readonly EventPoint[]): CustomSeriesOption {
  return {
    name: "since the start",
    type: "custom",
    silent: true,
    data: points.flatMap(({ time, interval }) => (interval ? [[time, ...interval]] : [])),
    encode: { x: 0, y: [1, 2] },
    renderItem(_params, api) {
      const [x = 0, low = 0] = api.coord([api.value(0), api.value(1)]);
      const [, high = 0] = api.coord([api.value(0), api.value(2)]);
      const style = {
        stroke: (api.value(0) as number) < 0 ? QUIET : (api.visual("color") as string),
        lineWidth: 2,
        fill: "none",
      };
      const end = (y: number) => ({ type: "line" as const, shape: { x1: x - 4, y1: y, x2: x + 4, y2: y }, style });
      return {
        type: "group",
        children: [{ type: "line", shape: { x1: x, y1: low, x2: x, y2: high }, style }, end(low), end(high)],
      };
    },
  };
}

export interface TwoTimesParts {
  readonly before: string;
  readonly after: string;
  readonly treated: readonly [number, number];
  readonly comparison: readonly [number, number];
  readonly outcome: string;
}

/** Means of two groups at two times, and where the treated would be had they moved like the others. */
export function twoTimes({ before, after, treated, comparison, outcome }: TwoTimesParts): EChartsOption {
  const parallel = treated[0] + comparison[1] - comparison[0];
  const [min, max] = extent([...treated, ...comparison, parallel]);
  return {
    ...BASE,
    grid: { ...BASE.grid, top: 56 },
    legend: { top: 0, left: 8 },
    xAxis: { type: "category", data: [`before (${before})`, `after (${after})`], boundaryGap: true },
    yAxis: {
      type: "value",
      name: `mean ${outcome}`,
      nameTextStyle: { align: "left" },
      min,
      max,
      axisLabel: { formatter: (value: number) => formatNumber(value), showMinLabel: false, showMaxLabel: false },
    },
    tooltip: {
      trigger: "axis",
      confine: true,
      valueFormatter: (value: unknown) => (typeof value === "number" ? formatNumber(value) : ""),
    },
    series: [
      { name: "treated", type: "line", data: [...treated], symbolSize: 9, lineStyle: { width: 2.5 } },
      { name: "comparison", type: "line", data: [...comparison], symbolSize: 9, lineStyle: { width: 2.5 } },
      {
        name: "treated, had they moved in parallel",
        type: "line",
        data: [treated[0], parallel],
        symbol: "emptyCircle",
        symbolSize: 8,
        itemStyle: { color: QUIET },
        lineStyle: { type: "dashed", color: QUIET, width: 2 },
      },
    ],
  };
}
