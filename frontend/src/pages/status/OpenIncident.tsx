import { Box, Text } from "@mantine/core";

import { Cause } from "./Cause";
import { StateBadge } from "./StateBadge";
import { useSeconds } from "../../analysis/countdown";
import { Backticks } from "../../components/Backticks";
import { Time } from "../../components/Time";
import type { Incident } from "../../status/types";
import { type TitleOf, lasting, listed, secondsBetween } from "../../status/words";

interface Props {
  readonly incident: Incident;
  readonly titleOf: TitleOf;
}

/** What is wrong now: since when, what it pulls down with it, and what probably caused it. */
export function OpenIncident({ incident, titleOf }: Props) {
  const { title, state, flapping, began_at: began, affected, words } = incident;
  const now = useSeconds(true);
  return (
    <Box component="li">
      <Text component="div" fw={600}>
        {title} <StateBadge part={{ state, flapping }} titleOf={titleOf} />
      </Text>
      <Text size="sm" component="div" style={{ fontVariantNumeric: "tabular-nums" }}>
        For {lasting(secondsBetween(began, now))}, since <Time at={began} />
        {affected.length > 0 && `; down because of it: ${listed(affected.map(titleOf), 5)}`}
      </Text>
      <Cause incident={incident} />
      {words && (
        <Text size="sm" component="div" style={{ overflowWrap: "anywhere" }}>
          <Backticks text={words} />
        </Text>
      )}
    </Box>
  );
}
