import type { EChartsOption } from "echarts";

import { init } from "./echarts";
import type { Size } from "./svg";
import { chartTheme } from "./theme";

/** SVG text of a chart, without a page: what ECharts calls server-side rendering. */
export function drawSvg(option: EChartsOption, { width, height }: Size): string {
  const chart = init(null, chartTheme(false), { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption({ ...option, animation: false, dataZoom: [] });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
