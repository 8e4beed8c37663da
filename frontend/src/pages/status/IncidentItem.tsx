import { Badge, Box, Group, Text } from "@mantine/core";

import { Cause } from "./Cause";
import { Backticks } from "../../components/Backticks";
import { Time } from "../../components/Time";
import type { Incident } from "../../status/types";
import { STATES, type TitleOf, courseWords, listed } from "../../status/words";

interface Props {
  readonly incident: Incident;
  readonly titleOf: TitleOf;
}

/** An incident of the list. */
export function IncidentItem({ incident, titleOf }: Props) {
  const { id, title, state, began_at: began, ended_at: ended, flapping, affected, words } = incident;
  const what = flapping ? "went up and down" : STATES[state].label.toLowerCase();
  return (
    <Box component="li" id={`incident-${id}`}>
      <Group gap="xs" wrap="wrap">
        <Text fw={600} size="sm" component="h3" m={0}>
          {title}: {what}
        </Text>
        {ended ? (
          <Badge color="gray" variant="light" tt="none">
            Over
          </Badge>
        ) : (
          <Badge color={STATES[state].color} variant="filled" tt="none">
            Now
          </Badge>
        )}
        <Text size="xs" c="dimmed" component="span">
          #{id}
        </Text>
      </Group>
      <Text size="sm" c="dimmed" component="div">
        <Time at={began} />
        {ended && (
          <>
            {" "}
            until <Time at={ended} />
          </>
        )}
        ; {courseWords(incident)}
      </Text>
      <Cause incident={incident} />
      {affected.length > 0 && <Text size="sm">It took along {listed(affected.map(titleOf), 6)}.</Text>}
      {words && (
        <Text size="sm" component="div" style={{ overflowWrap: "anywhere" }}>
          <Backticks text={words} />
        </Text>
      )}
    </Box>
  );
}
