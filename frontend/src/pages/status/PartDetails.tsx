import { SegmentedControl, Stack, Text } from "@mantine/core";
import { useState } from "react";

import { LatencyPlot } from "./LatencyPlot";
import { TroubledDays } from "./TroubledDays";
import { Backticks } from "../../components/Backticks";
import { Facts } from "../../components/Facts";
import { Time } from "../../components/Time";
import type { Day, Part } from "../../status/types";
import { ageWords, answerTime, figureWords } from "../../status/words";

const SPANS = [
  { value: "1", label: "1 hour" },
  { value: "24", label: "24 hours" },
  { value: "168", label: "7 days" },
];

interface Props {
  readonly part: Part;
  readonly days: readonly Day[];
}

/** What else is known of a part: why, numbers, days of trouble, and how long it took to answer. */
export function PartDetails({ part, days }: Props) {
  const [hours, setHours] = useState("24");
  const { id, title, words, excused_by: excused, age_s: age, latency_ms: latency, figures, since, importance } = part;
  return (
    <Stack gap="md" pt="sm" pl={{ base: 0, sm: 26 }}>
      {words && (
        <Text size="sm" component="div" style={{ overflowWrap: "anywhere" }}>
          <Backticks text={words} />
        </Text>
      )}
      {excused && <Text size="sm">No alert now: {excused}</Text>}
      <Facts
        facts={[
          ["Since", <Time key="since" at={since} />],
          ["Last looked at", ageWords(age)],
          ["The platform without it", importance === "critical" ? "cannot do its work" : "works, if not as well"],
          ...(typeof latency === "number" ? [["Answered within", answerTime(latency)] as const] : []),
          ...(figures ?? []).map(
            (figure) => [`${figure.name.charAt(0).toUpperCase()}${figure.name.slice(1)}`, figureWords(figure)] as const,
          ),
        ]}
      />
      <TroubledDays days={days} />
      <Stack gap="xs">
        <SegmentedControl
          size="xs"
          w="fit-content"
          aria-label={`Answer times of ${title}: how far back`}
          data={SPANS}
          value={hours}
          onChange={setHours}
        />
        <LatencyPlot part={id} title={title} hours={Number(hours)} />
      </Stack>
    </Stack>
  );
}
