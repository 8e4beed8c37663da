import { Text } from "@mantine/core";
import { useMemo } from "react";

import { Chart } from "../../charts/Chart";
import { Loading } from "../../components/Loading";
import { Problem } from "../../components/Problem";
import { latencyChart, latencyWords } from "../../status/latency";
import { useLatency, useTimeline } from "../../status/queries";

interface Props {
  readonly part: string;
  readonly title: string;
  readonly hours: number;
}

/** How long a part took to answer, with the releases meanwhile. */
export function LatencyPlot({ part, title, hours }: Props) {
  const latency = useLatency(part, hours);
  const timeline = useTimeline(Math.max(Math.ceil(hours / 24), 1));
  const { data } = latency;
  const releases = timeline.data?.items;
  const option = useMemo(() => {
    const first = data?.points[0];
    const from = first ? Date.parse(first.at) : Infinity;
    const marks = releases?.filter(({ kind, at }) => kind === "released" && Date.parse(at) >= from) ?? [];
    return data && latencyChart(data, marks);
  }, [data, releases]);
  if (!data || !option) {
    return latency.isError ? (
      <Problem error={latency.error} title="Answer times are not known now" onRetry={() => void latency.refetch()} />
    ) : (
      <Loading what="Loading answer times" />
    );
  }
  const words = latencyWords(data);
  const isMeasured = data.points.some(({ mean_ms: mean }) => typeof mean === "number");
  return (
    <>
      <Text size="sm" c="dimmed">
        {words}
      </Text>
      {isMeasured && <Chart option={option} height={200} label={`Answer times of ${title}. ${words}`} />}
    </>
  );
}
