import { Group, Progress, Text } from "@mantine/core";

import type { components } from "../api/schema";
import { formatSeconds } from "../format";
import { useProgress } from "../live/context";
import { StateBadge } from "./StateBadge";

/** Where an analysis stands, live: while it runs, how far it is. */
export function Standing({ analysis }: { readonly analysis: components["schemas"]["Analysis"] }) {
  const progress = useProgress(analysis.id);
  if (analysis.state !== "running" || !progress) {
    return <StateBadge state={analysis.state} />;
  }
  const { fraction, step, remainingS } = progress;
  const left = remainingS === undefined ? "" : `, about ${formatSeconds(remainingS)} left`;
  return (
    <div>
      <Group gap={6} wrap="nowrap">
        <StateBadge state="running" />
        <Progress.Root size="sm" flex={1} miw={48}>
          <Progress.Section
            value={fraction * 100}
            aria-label={`${step}: ${Math.round(fraction * 100)} % done${left}`}
          />
        </Progress.Root>
      </Group>
      <Text size="xs" c="dimmed" truncate title={step}>
        {step}
        {left}
      </Text>
    </div>
  );
}
