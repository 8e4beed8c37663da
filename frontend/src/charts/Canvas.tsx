import type { EChartsOption } from "echarts";
import { useEffect, useEffectEvent, useRef } from "react";

import { type EChartsType, init } from "./echarts";
import { chartTheme } from "./theme";

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
