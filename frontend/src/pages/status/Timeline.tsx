import { SegmentedControl, Stack, Text } from "@mantine/core";
import { useState } from "react";

import { TimelineEvent } from "./TimelineEvent";
import { Loading } from "../../components/Loading";
import { Problem } from "../../components/Problem";
import { ScrollRegion } from "../../components/ScrollRegion";
import { Section } from "../../components/Section";
import { byDay } from "../../status/merge";
import { useTimeline } from "../../status/queries";
import type { Part } from "../../status/types";
import { titlesOf } from "../../status/words";

const SPANS = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
];

/** Releases, rollbacks, certificates, maintenance and incidents on one line of time. */
export function Timeline({ parts }: { readonly parts: readonly Part[] }) {
  const [days, setDays] = useState("7");
  const timeline = useTimeline(Number(days));
  const titleOf = titlesOf(parts);
  return (
    <Section
      title="Timeline"
      about="What was released, went wrong, was renewed and was maintained; newest first."
      actions={<SegmentedControl size="xs" aria-label="How far back" data={SPANS} value={days} onChange={setDays} />}
    >
      {!timeline.data && timeline.isError && (
        <Problem error={timeline.error} title="The timeline is not known now" onRetry={() => void timeline.refetch()} />
      )}
      {timeline.isPending && <Loading what="Loading the timeline" />}
      {timeline.data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing happened in the last {days} days.
        </Text>
      )}
      {timeline.data && timeline.data.items.length > 0 && (
        <ScrollRegion label="Timeline" maxHeight={480}>
          <Stack gap="md">
            {byDay(timeline.data.items).map(({ day, events }) => (
              <div key={day}>
                <Text size="sm" fw={600} component="h3" m={0} mb={4}>
                  {day}
                </Text>
                <Stack component="ol" gap={6} m={0} p={0} style={{ listStyle: "none" }}>
                  {events.map((event, index) => (
                    <TimelineEvent key={`${event.at} ${index}`} event={event} titleOf={titleOf} />
                  ))}
                </Stack>
              </div>
            ))}
          </Stack>
        </ScrollRegion>
      )}
    </Section>
  );
}
