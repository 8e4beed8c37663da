import type { EChartsOption } from "echarts";

import { formatNumber } from "../format";

/** What all our charts share: still (a redraw is no show), described, and never wider than its place. */
export const BASE = {
  animation: false,
  aria: { enabled: false },
  grid: { left: 8, right: 20, top: 12, bottom: 6, outerBoundsMode: "same", outerBoundsContain: "all" },
} as const satisfies EChartsOption;

/** On a phone names of rows take less room, so that the plot has some. */
export function narrow(more: object = {}): NonNullable<EChartsOption["media"]> {
  return [
    { query: { maxWidth: 460 }, option: { yAxis: { axisLabel: { width: 100, fontSize: 11, ...more } } } },
    { option: {} },
  ];
}

/** Lines and words that stand back, readable in both schemes. */
export const QUIET = "#7d868f";

/** A number on an axis: short. */
export function tick(value: number): string {
  return Math.abs(value) >= 100_000 ? compact.format(value) : formatNumber(value);
}
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 });

/** A little more than the data, so that nothing touches the edge; with `also` (as zero) within. */
export function extent(values: readonly number[], also: readonly number[] = []): readonly [number, number] {
  const finite = [...values, ...also].filter(Number.isFinite);
  if (finite.length === 0) {
    return [-1, 1];
  }
  let [low, high] = [Infinity, -Infinity];
  for (const value of finite) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const margin = (high - low || Math.abs(high) || 1) * 0.06;
  return [low - margin, high + margin];
}

/** An axis of numbers that begins and ends where the data do. */
export function valueAxis(name: string, [min, max]: readonly [number, number]) {
  return {
    type: "value",
    name,
    nameLocation: "middle",
    nameGap: 26,
    min,
    max,
    axisLabel: { formatter: tick, hideOverlap: true, showMinLabel: false, showMaxLabel: false },
  } as const;
}

/** Zooming within a plot: the wheel alone scrolls the page, as everywhere. */
export const ZOOM_INSIDE = { type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false } as const;
/** The same by hand. */
export const ZOOM_SLIDER = { type: "slider", showDetail: false, brushSelect: false } as const;

/** From how many rows on a chart can be zoomed: fewer can be seen at once. */
export const ZOOM_FROM = 40;
