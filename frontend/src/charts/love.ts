import type { EChartsOption } from "echarts";

import { formatNumber } from "../format";
import { escapeHtml } from "./forest";
import { BASE, QUIET, ZOOM_FROM, ZOOM_INSIDE, ZOOM_SLIDER, extent, narrow, valueAxis } from "./scale";

export interface LoveRow {
  readonly name: string;
  readonly before: number;
  /** Absent where nothing was weighted. */
  readonly after?: number;
}

export interface LoveParts {
  readonly rows: readonly LoveRow[];
  readonly measure: string;
  /** Above these a difference is worth a look. */
  readonly thresholds: readonly number[];
}

export function loveHeight({ rows }: LoveParts): number {
  return 72 + Math.min(Math.max(rows.length, 2), ZOOM_FROM) * 24;
}

/** How far the groups differ in each covariate, in size, the largest first. */
export function love({ rows, measure, thresholds }: LoveParts): EChartsOption {
  const sorted = [...rows].sort((a, b) => Math.abs(b.before) - Math.abs(a.before));
  const weighted = sorted.some(({ after }) => after !== undefined);
  const [, most] = extent(
    sorted.flatMap(({ before, after = 0 }) => [Math.abs(before), Math.abs(after)]),
    thresholds,
  );
  const zoom = { yAxisIndex: 0, startValue: 0, endValue: ZOOM_FROM - 1 };
  return {
    ...BASE,
    grid: { ...BASE.grid, top: 30, ...(rows.length > ZOOM_FROM ? { right: 48 } : {}) },
    legend: { top: 0, left: 8, itemWidth: 10, itemHeight: 10 },
    xAxis: valueAxis(measure, [0, most]),
    yAxis: {
      type: "category",
      inverse: true,
      data: sorted.map(({ name }) => name),
      axisTick: { show: false },
      splitLine: { show: rows.length <= ZOOM_FROM, lineStyle: { type: "dotted" } },
      axisLabel: { width: 160, overflow: "truncate" },
    },
    media: narrow(),
    tooltip: {
      trigger: "item",
      confine: true,
      formatter: (shown: unknown) => {
        const { dataIndex } = shown as { dataIndex: number };
        const row = sorted[dataIndex];
        if (!row) {
          return "";
        }
        const after = row.after === undefined ? "" : `<br>after weighting ${formatNumber(row.after)}`;
        return `${escapeHtml(row.name)}<br>before ${formatNumber(row.before)}${after}`;
      },
    },
    ...(rows.length > ZOOM_FROM
      ? {
          dataZoom: [
            { ...ZOOM_INSIDE, ...zoom },
            { ...ZOOM_SLIDER, width: 18, ...zoom },
          ],
        }
      : {}),
    series: [
      {
        name: "before",
        type: "scatter",
        symbol: "emptyCircle",
        symbolSize: 9,
        data: sorted.map(({ before }, index) => [Math.abs(before), index]),
        markLine: {
          silent: true,
          symbol: "none",
          lineStyle: { color: QUIET, type: "dashed" },
          label: { color: QUIET, formatter: "{c}", position: "start" },
          data: thresholds.map((threshold, index) => ({
            xAxis: threshold,
            // Two that stand close are told by one.
            label: { show: index === 0 || threshold - (thresholds[index - 1] ?? 0) > most * 0.1 },
          })),
        },
      },
      ...(weighted
        ? [
            {
              name: "after weighting",
              type: "scatter" as const,
              symbol: "circle",
              symbolSize: 9,
              data: sorted.map(({ after }, index) => [after === undefined ? null : Math.abs(after), index]),
            },
          ]
        : []),
    ],
  };
}
