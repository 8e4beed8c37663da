import type { EChartsOption } from "echarts";

import type { Bars } from "../../../data/columns";
import { formatCount } from "../../../format";

const BAR_HEIGHT = 22;
const AXES_HEIGHT = 56;

/** How high the chart of a distribution is: ranges stand, values lie below each other. */
export function chartHeight({ of, bars }: Bars): number {
  return of === "ranges" ? 260 : bars.length * BAR_HEIGHT + AXES_HEIGHT;
}

/** The distribution of a column as a chart. */
export function columnChart({ of, bars }: Bars): EChartsOption {
  const rows = { type: "value" as const, name: "rows", minInterval: 1 };
  const counts = bars.map(({ count }) => count);
  const tooltip = {
    trigger: "axis" as const,
    axisPointer: { type: "shadow" as const },
    valueFormatter: (value: unknown) => `${formatCount(Number(value))} rows`,
  };
  if (of === "ranges") {
    return {
      grid: { left: 8, right: 12, top: 32, bottom: 8, containLabel: true },
      tooltip,
      xAxis: {
        type: "category",
        data: bars.map(({ label }) => label),
        axisLabel: { formatter: (label: string) => label.split(" to ")[0] ?? label, hideOverlap: true },
        axisTick: { alignWithLabel: false },
      },
      yAxis: rows,
      series: [{ type: "bar", data: counts, barCategoryGap: "2%" }],
    };
  }
  return {
    grid: { left: 8, right: 24, top: 8, bottom: 28, containLabel: true },
    tooltip,
    xAxis: { ...rows, nameLocation: "middle", nameGap: 26 },
    yAxis: {
      type: "category",
      inverse: true,
      data: bars.map(({ label }) => label),
      axisLabel: { width: 140, overflow: "truncate" },
    },
    series: [{ type: "bar", data: counts, barCategoryGap: "20%" }],
  };
}
