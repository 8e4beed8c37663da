import { Box, Skeleton, useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import type { EChartsOption } from "echarts";
import type { EChartsType } from "echarts/core";
import { Suspense, lazy } from "react";

/** The charts' own code comes with the first chart, never with the page. */
const Canvas = lazy(() => import("./Canvas"));

export interface ChartProps {
  /** What ECharts is to draw; colours of the theme are already set. */
  readonly option: EChartsOption;
  /** What the chart shows, for those who cannot see it: the finding, not the looks. */
  readonly label: string;
  readonly height?: number;
  /** Gives the drawn chart out, for its export. */
  readonly onReady?: (chart: EChartsType) => void;
}

/** A chart that follows its width and the colour scheme. Say the same in text or a table next to it. */
export function Chart({ option, label, height = 320, onReady }: ChartProps) {
  const { ref, width } = useElementSize();
  const scheme = useComputedColorScheme("light");
  return (
    <Box ref={ref} h={height} role="img" aria-label={label}>
      {width > 0 && (
        <Suspense fallback={<Skeleton height={height} />}>
          <Canvas option={option} dark={scheme === "dark"} width={width} height={height} onReady={onReady} />
        </Suspense>
      )}
    </Box>
  );
}
