import type { EChartsOption } from "echarts";

import { formatCount, formatNumber } from "../format";
import { BASE, QUIET, ZOOM_INSIDE, ZOOM_SLIDER, extent, valueAxis } from "./scale";

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Equal bars, as wide as Freedman and Diaconis advise, at least 8 and at most 60. */
export function bins(values: readonly number[]): Bin[] {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const [low = 0] = sorted;
  const high = sorted.at(-1) ?? 0;
  if (high === low) {
    return sorted.length === 0 ? [] : [{ from: low, to: high, count: sorted.length }];
  }
  const quantile = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const width = (2 * (quantile(0.75) - quantile(0.25))) / Math.cbrt(sorted.length);
  const wanted = width > 0 ? Math.ceil((high - low) / width) : 8;
  const number = Math.min(Math.max(wanted, 8), 60);
  const counts = Array.from({ length: number }, () => 0);
  for (const value of sorted) {
    const index = Math.min(Math.floor(((value - low) / (high - low)) * number), number - 1);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const edge = (index: number) => low + ((high - low) * index) / number;
  return counts.map((count, index) => ({ from: edge(index), to: edge(index + 1), count }));
}

export interface HistogramParts {
  readonly values: readonly number[];
  /** A line to compare with, as the estimate, with its word. */
  readonly marks: readonly { readonly at: number; readonly label: string }[];
  readonly axis: string;
}

/** So many that a closer look shows more. */
const ZOOM_VALUES = 500;

/** How often simulated numbers fell where, with lines to hold them against. */
export function histogram({ values, marks, axis }: HistogramParts): EChartsOption {
  const bars = bins(values);
  const bounds = extent(
    bars.flatMap(({ from, to }) => [from, to]),
    marks.map(({ at }) => at),
  );
  const span = bounds[1] - bounds[0];
  const much = values.length > ZOOM_VALUES;
  return {
    ...BASE,
    grid: { ...BASE.grid, top: 30, ...(much ? { bottom: 36 } : {}) },
    xAxis: { ...valueAxis(axis, bounds), splitNumber: 4 },
    yAxis: { type: "value", minInterval: 1, splitNumber: 3, axisLine: { onZero: false }, axisTick: { show: false } },
    ...(much
      ? {
          dataZoom: [
            { ...ZOOM_INSIDE, filterMode: "none" },
            { ...ZOOM_SLIDER, height: 16, bottom: 4, filterMode: "none" },
          ],
        }
      : {}),
    tooltip: {
      trigger: "item",
      confine: true,
      formatter: (shown: unknown) => {
        const bar = bars[(shown as { dataIndex: number }).dataIndex];
        return bar ? `${formatNumber(bar.from)} to ${formatNumber(bar.to)}: ${formatCount(bar.count)}` : "";
      },
    },
    series: [
      {
        name: "simulations",
        type: "custom",
        clip: true,
        data: bars.map(({ from, to, count }) => [from, to, count]),
        encode: { x: [0, 1], y: 2 },
        renderItem(_params, api) {
          const [left = 0, top = 0] = api.coord([api.value(0), api.value(2)]);
          const [right = 0, bottom = 0] = api.coord([api.value(1), 0]);
          const width = Math.max(right - left - 1, 1.5);
          const shape = { x: left, y: top, width, height: bottom - top };
          return { type: "rect", shape, style: { fill: api.visual("color") as string, opacity: 0.8 } };
        },
        markLine: {
          silent: true,
          symbol: "none",
          data: marks.map(({ at, label }, index) => ({
            xAxis: at,
            lineStyle: {
              color: index === 0 ? "#d6336c" : QUIET,
              width: index === 0 ? 2 : 1,
              type: index === 0 ? ("solid" as const) : ("dashed" as const),
            },
            label: {
              formatter: label,
              color: index === 0 ? "#d6336c" : QUIET,
              // Towards the middle, so that it is not cut off.
              align:
                at - bounds[0] > span * 0.7
                  ? ("right" as const)
                  : at - bounds[0] < span * 0.3
                    ? ("left" as const)
                    : ("center" as const),
            },
          })),
        },
      },
      {
        // Every single one, below its bar.
        name: "each simulation",
        type: "scatter",
        silent: true,
        clip: true,
        symbol: "rect",
        symbolSize: [1, 6],
        large: true,
        largeThreshold: 1000,
        itemStyle: { color: QUIET, opacity: 0.5 },
        data: values.map((value) => [value, 0]),
      },
    ],
  };
}

export interface OverlapParts {
  /** Rows in equal bars of propensities from 0 to 1, of each arm. */
  readonly treated: readonly number[];
  readonly control: readonly number[];
  readonly support: readonly [number, number];
}

/** Propensities of the treated above the line and of the others below it, each as shares of their arm. */
export function overlap({ treated, control, support }: OverlapParts): EChartsOption {
  const shares = (counts: readonly number[], sign: number) => {
    const total = counts.reduce((sum, count) => sum + count, 0) || 1;
    return counts.map((count, index) => [(index + 0.5) / counts.length, (sign * count) / total, count]);
  };
  const percent = (share: number) => `${Number((Math.abs(share) * 100).toFixed(0))} %`;
  const [low, high] = support;
  return {
    ...BASE,
    grid: { ...BASE.grid, top: 30 },
    legend: { top: 0, left: 8, itemWidth: 12, itemHeight: 12 },
    xAxis: { ...valueAxis("propensity: how likely to be treated", [0, 1]), axisLabel: {} },
    yAxis: { type: "value", axisLabel: { formatter: percent }, splitNumber: 4 },
    tooltip: {
      trigger: "item",
      confine: true,
      formatter: (shown: unknown) => {
        const { seriesName, value } = shown as { seriesName: string; value: [number, number, number] };
        const half = 0.5 / treated.length;
        const range = `${(value[0] - half).toFixed(3)} to ${(value[0] + half).toFixed(3)}`;
        return `${seriesName}, ${range}: ${formatCount(value[2])} rows (${percent(value[1])})`;
      },
    },
    series: [
      {
        name: "treated",
        type: "bar",
        barWidth: "95%",
        barGap: "-100%",
        data: shares(treated, 1),
        ...(high > low
          ? {
              markArea: {
                silent: true,
                itemStyle: { color: QUIET, opacity: 0.12 },
                label: { show: false },
                data: [[{ xAxis: low }, { xAxis: high }]],
              },
            }
          : {}),
      },
      { name: "control", type: "bar", barWidth: "95%", data: shares(control, -1) },
    ],
  };
}
