import { Paper, SimpleGrid, Text } from "@mantine/core";
import type { ReactNode } from "react";

import { Time } from "../../components/Time";
import { formatCount, formatSeconds } from "../../format";
import { type DispatchTold, classStandings } from "./standing";

/** The few numbers that say whether all is well. */
export function Figures({ told }: { readonly told: DispatchTold }) {
  const standings = classStandings(told);
  const waiting = standings.reduce((total, standing) => total + standing.waiting, 0);
  const running = standings.reduce((total, standing) => total + standing.running, 0);
  const { recovery, counters } = told;
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="md">
      <Figure name="Waiting" value={formatCount(waiting)}>
        {told.oldest_waiting ? (
          <>
            longest since <Time at={told.oldest_waiting} ago />
          </>
        ) : (
          "nothing waits for its turn"
        )}
        {told.delayed > 0 && `; ${formatCount(told.delayed)} for a later time`}
      </Figure>
      <Figure name="Running" value={formatCount(running)}>
        on {formatCount(told.workers.length)} {told.workers.length === 1 ? "worker" : "workers"}
      </Figure>
      <Figure name="Given up after crashes" value={formatCount(counters["crash_looped"] ?? 0)}>
        of {formatCount(counters["attempts_ended"] ?? 0)} attempts; {formatCount(counters["crashes"] ?? 0)} crashed
      </Figure>
      <Figure name="Lost and taken up again" value={formatCount(recovery.count)}>
        {recovery.open > 0 ? `${formatCount(recovery.open)} still lost; ` : "none still lost; "}
        {recovery.p99_s === null || recovery.p99_s === undefined
          ? "none in seven days"
          : `99 of 100 within ${formatSeconds(recovery.p99_s)}, in seven days`}
      </Figure>
    </SimpleGrid>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly children: ReactNode;
}

function Figure({ name, value, children }: FigureProps) {
  return (
    <Paper withBorder p="md" radius="md">
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text fz={28} fw={650} lh={1.2}>
        {value}
      </Text>
      <Text size="xs" c="dimmed" component="div">
        {children}
      </Text>
    </Paper>
  );
}
