import type { EChartsOption, LineSeriesOption } from "echarts";

import { formatNumber } from "../format";
import { escapeHtml } from "./forest";
import { BASE, QUIET } from "./scale";

/** Values over a grid: `values[y][x]`. */
export interface Grid {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly values: readonly (readonly number[])[];
}

type Point = readonly [number, number];

/** Where a field that only falls, or only rises, away from its corner has that value: one line, from left to right. */
export function level({ x, y, values }: Grid, at: number): Point[] {
  const points: Point[] = [];
  const between = (a: number, b: number, from: number, to: number) => from + ((at - a) / (b - a)) * (to - from);
  const crosses = (a: number | undefined, b: number | undefined): boolean =>
    a !== undefined &&
    b !== undefined &&
    Number.isFinite(a) &&
    Number.isFinite(b) &&
    a !== b &&
    (a - at) * (b - at) <= 0;
  for (const [row, cells] of values.entries()) {
    for (const [column, value] of cells.entries()) {
      const right = cells[column + 1];
      const above = values[row + 1]?.[column];
      const [x0 = 0, x1 = 0, y0 = 0, y1 = 0] = [x[column], x[column + 1], y[row], y[row + 1]];
      if (crosses(value, right)) {
        points.push([between(value, right ?? 0, x0, x1), y0]);
      }
      if (crosses(value, above)) {
        points.push([x0, between(value, above ?? 0, y0, y1)]);
      }
    }
  }
  return points
    .sort((a, b) => a[0] - b[0] || b[1] - a[1])
    .filter((point, index, all) => !isSame(point, all[index - 1]));
}

function isSame(point: Point, other: Point | undefined): boolean {
  return other !== undefined && Math.abs(point[0] - other[0]) < 1e-12 && Math.abs(point[1] - other[1]) < 1e-12;
}

/** Round numbers between two, about so many. */
export function roundLevels(from: number, to: number, about: number): number[] {
  const [low, high] = from < to ? [from, to] : [to, from];
  const raw = (high - low) / about;
  if (!(raw > 0) || !Number.isFinite(raw)) {
    return [];
  }
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((times) => times * size >= raw) ?? 10) * size;
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

export interface ContourParts {
  readonly estimates: Grid;
  readonly statistics: Grid;
  readonly estimate: number;
  /** The statistic at which significance is lost, with the estimate's sign. */
  readonly critical: number;
  /** Confounders as strong as something measured. */
  readonly benchmarks: readonly {
    readonly name: string;
    readonly x: number;
    readonly y: number;
    readonly estimate: number;
  }[];
}

/** What the estimate would be, had a confounder of that strength been left out. */
export function contour({ estimates, statistics, estimate, critical, benchmarks }: ContourParts): EChartsOption {
  const flat = estimates.values.flat().filter(Number.isFinite);
  const farthest = estimate >= 0 ? Math.min(...flat) : Math.max(...flat);
  const levels = roundLevels(estimate, farthest, 9).filter((at) => at !== 0 && Math.abs(at - estimate) > 1e-12);
  const limit = (values: readonly number[]) => values.at(-1) ?? 1;
  const percent = (value: number) => `${Number((value * 100).toFixed(1))} %`;
  return {
    ...BASE,
    grid: { ...BASE.grid, top: 52, right: 28 },
    legend: {
      top: 0,
      left: 8,
      data: [
        { name: "estimate is zero", icon: "path://M0 4h20v3H0z" },
        { name: "significance is lost", icon: "path://M0 4h5v2H0z M7.5 4h5v2h-5z M15 4h5v2h-5z" },
        { name: "as strong as a covariate" },
      ],
      itemWidth: 18,
    },
    xAxis: {
      type: "value",
      name: "share of the treatment's variation that it explains",
      nameLocation: "middle",
      nameGap: 26,
      min: 0,
      max: limit(estimates.x),
      axisLabel: { formatter: percent, hideOverlap: true },
      splitLine: { show: false },
    },
    yAxis: {
      type: "value",
      name: "share of the outcome's",
      nameTextStyle: { align: "left" },
      min: 0,
      max: limit(estimates.y),
      axisLabel: { formatter: percent },
      splitLine: { show: false },
    },
    tooltip: {
      trigger: "item",
      confine: true,
      formatter: (shown: unknown) => {
        const { seriesName = "", dataIndex } = shown as { seriesName?: string; dataIndex: number };
        const benchmark = seriesName === "as strong as a covariate" ? benchmarks[dataIndex] : undefined;
        return benchmark
          ? `${escapeHtml(benchmark.name)}: the estimate would be ${formatNumber(benchmark.estimate)}`
          : escapeHtml(seriesName);
      },
    },
    series: [
      ...levels.map((at) =>
        curve(`estimate ${formatNumber(at)}`, level(estimates, at), { color: QUIET, width: 1 }, formatNumber(at)),
      ),
      curve("estimate is zero", level(estimates, 0), { color: "#d6336c", width: 2.5 }),
      curve("significance is lost", level(statistics, critical), { color: "#d6336c", width: 1.5, type: "dashed" }),
      {
        name: "as strong as a covariate",
        type: "scatter",
        symbol: "diamond",
        symbolSize: 11,
        z: 5,
        data: benchmarks.map(({ name, x, y }) => ({ value: [x, y], label: { formatter: name } })),
        label: { show: benchmarks.length <= 6, position: "right", fontSize: 11 },
        labelLayout: { hideOverlap: true },
      },
    ],
  };
}

function curve(
  name: string,
  points: readonly Point[],
  style: LineSeriesOption["lineStyle"],
  label?: string,
): LineSeriesOption {
  const data = points.map(([x, y]) => [x, y]);
  const middle = data[Math.floor(data.length * 0.6)];
  return {
    name,
    type: "line",
    data,
    showSymbol: false,
    silent: label === undefined,
    lineStyle: { ...style },
    itemStyle: { color: style?.color ?? QUIET },
    ...(label !== undefined && middle
      ? {
          markPoint: {
            silent: true,
            symbol: "circle",
            symbolSize: 1,
            label: { formatter: label, fontSize: 10, color: QUIET, position: "top" as const, distance: 1 },
            data: [{ name: label, coord: middle }],
          },
        }
      : {}),
  };
}
