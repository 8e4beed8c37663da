import type { EChartsOption } from "echarts";
import { BarChart, CustomChart, HeatmapChart, LineChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import { type EChartsType, init, use as register } from "echarts/core";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";
import { useEffect, useEffectEvent, useRef } from "react";

import { chartTheme } from "./theme";

register([
  BarChart,
  CustomChart,
  HeatmapChart,
  LineChart,
  ScatterChart,
  AriaComponent,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapComponent,
  CanvasRenderer,
  SVGRenderer,
]);

interface Props {
  readonly option: EChartsOption;
  readonly dark: boolean;
  readonly width: number;
  readonly height: number;
  readonly onReady: ((chart: EChartsType) => void) | undefined;
}

/** ECharts itself, in a component. */
export default function Canvas({ option, dark, width, height, onReady }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(null);
  const tellReady = useEffectEvent((made: EChartsType) => onReady?.(made));

  useEffect(() => {
    if (!element.current) {
      return undefined;
    }
    const made = init(element.current, chartTheme(dark));
    chart.current = made;
    tellReady(made);
    return () => {
      chart.current = null;
      made.dispose();
    };
    // A new colour scheme is a new chart.
  }, [dark]);

  useEffect(() => {
    chart.current?.setOption(option, { notMerge: true });
  }, [option, dark]);

  useEffect(() => {
    chart.current?.resize({ width, height });
  }, [width, height, dark]);

  return <div ref={element} style={{ width, height }} />;
}
