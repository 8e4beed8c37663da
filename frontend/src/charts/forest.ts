import type { CustomSeriesOption, EChartsOption } from "echarts";

import { formatNumber } from "../format";
import { BASE, QUIET, ZOOM_FROM, ZOOM_INSIDE, ZOOM_SLIDER, extent, narrow, valueAxis } from "./scale";

/** One estimate with its interval. */
export interface ForestRow {
  readonly name: string;
  /** A second line, quieter. */
  readonly detail?: string;
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  /** The one to look at. */
  readonly head?: boolean;
}

export interface ForestParts {
  readonly rows: readonly ForestRow[];
  /** What the number is, for the axis. */
  readonly axis: string;
  /** Where "no effect" stands. */
  readonly zero?: number;
}

export function forestHeight({ rows }: ForestParts): number {
  const row = rows.some(({ detail }) => detail !== undefined) ? 44 : 34;
  return 56 + Math.min(rows.length, ZOOM_FROM) * row;
}

/** Estimates with their intervals, one below the other, and a line where there is no effect. */
export function forest({ rows, axis, zero = 0 }: ForestParts): EChartsOption {
  const bounds = extent(
    rows.flatMap(({ lower, upper, estimate }) => [lower, upper, estimate]),
    [zero],
  );
  const others = rows.map((row, index) => [row.estimate, index]).filter((_, index) => rows[index]?.head !== true);
  const head = rows.map((row, index) => [row.estimate, index]).filter((_, index) => rows[index]?.head === true);
  return {
    ...BASE,
    grid: { ...BASE.grid, ...(rows.length > ZOOM_FROM ? { right: 48 } : {}) },
    xAxis: valueAxis(axis, bounds),
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map(({ name, detail }) => axisName(name, detail)),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: {
        width: 190,
        overflow: "truncate",
        interval: 0,
        formatter: twoLines,
        lineHeight: 15,
        rich: { name: { lineHeight: 15 }, quiet: { color: QUIET, fontSize: 11, lineHeight: 15 } },
      },
    },
    media: narrow({ formatter: firstLine, overflow: "break", lineHeight: 13 }),
    tooltip: {
      trigger: "axis",
      axisPointer: { type: "shadow", axis: "y" },
      confine: true,
      formatter: (shown: unknown) => tooltip(rows, shown),
    },
    ...(rows.length > ZOOM_FROM
      ? {
          dataZoom: [
            { ...ZOOM_INSIDE, yAxisIndex: 0, startValue: 0, endValue: ZOOM_FROM - 1 },
            { ...ZOOM_SLIDER, width: 18, yAxisIndex: 0, startValue: 0, endValue: ZOOM_FROM - 1 },
          ],
        }
      : {}),
    series: [
      intervals(rows),
      {
        name: "others",
        type: "scatter",
        data: others,
        symbolSize: 9,
        itemStyle: { color: QUIET },
        markLine: line(zero),
      },
      // One name is one colour.
      { name: "answer", type: "scatter", data: head, symbol: "diamond", symbolSize: 14, z: 4 },
    ],
  };
}

function axisName(name: string, detail: string | undefined): string {
  const line = name.replaceAll(/\s+/g, " ");
  return detail === undefined ? line : `${line}\n${detail}`;
}

function twoLines(name: string): string {
  const [line = "", detail] = name.split("\n");
  return detail === undefined ? line : `{name|${line}}\n{quiet|${detail}}`;
}

/** On a phone there is room for the name alone. */
function firstLine(name: string): string {
  return name.split("\n")[0] ?? "";
}

/** Whiskers; drawn, because a forest's bars lie on their side. */
function intervals(rows: readonly ForestRow[]): CustomSeriesOption {
  return {
    name: "answer",
    type: "custom",
    silent: true,
    data: rows.map(({ lower, upper }, index) => [lower, upper, index]),
    encode: { x: [0, 1], y: 2 },
    renderItem(_params, api) {
      const index = api.value(2) as number;
      const [left = 0, y = 0] = api.coord([api.value(0), index]);
      const [right = 0] = api.coord([api.value(1), index]);
      const head = rows[index]?.head === true;
      const style = {
        stroke: head ? (api.visual("color") as string) : QUIET,
        lineWidth: head ? 2.5 : 1.5,
        fill: "none",
      };
      const end = (x: number) => ({ type: "line" as const, shape: { x1: x, y1: y - 5, x2: x, y2: y + 5 }, style });
      return {
        type: "group",
        children: [{ type: "line", shape: { x1: left, y1: y, x2: right, y2: y }, style }, end(left), end(right)],
      };
    },
  };
}

function line(zero: number) {
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: QUIET, type: "dashed" as const },
    label: { show: false },
    data: [{ xAxis: zero }],
  };
}

function tooltip(rows: readonly ForestRow[], shown: unknown): string {
  const [first] = Array.isArray(shown) ? (shown as { dataIndex?: number; value?: unknown[] }[]) : [];
  const index = first?.value?.at(-1);
  const row = typeof index === "number" ? rows[index] : undefined;
  return row
    ? `${escapeHtml(row.name)}<br>${formatNumber(row.estimate)} (${formatNumber(row.lower)} to ${formatNumber(row.upper)})`
    : "";
}

/** Tooltips are HTML, and names come from files. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
