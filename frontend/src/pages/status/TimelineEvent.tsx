import { Badge, Group, Text } from "@mantine/core";

import { DeploymentLink } from "./DeploymentLink";
import { Backticks } from "../../components/Backticks";
import { formatTimePrecisely } from "../../format";
import type { StatusEvent } from "../../status/types";
import { EVENTS } from "../../status/words";

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** A line of the timeline. */
export function TimelineEvent({ event: { at, kind, words, deployment } }: { readonly event: StatusEvent }) {
  const { label, color } = EVENTS[kind];
  return (
    <Group component="li" gap="xs" wrap="nowrap" align="flex-start">
      <Text size="sm" c="dimmed" component="time" dateTime={at} title={formatTimePrecisely(at)} miw={40}>
        {clock.format(new Date(at))}
      </Text>
      <Text size="sm" component="div" miw={0} style={{ overflowWrap: "anywhere" }}>
        <Badge color={color} variant="light" tt="none" mr={6} style={{ verticalAlign: "text-bottom" }}>
          {label}
        </Badge>
        <Backticks text={words} />
        {typeof deployment === "number" && (
          <>
            {" "}
            <DeploymentLink id={deployment} />
          </>
        )}
      </Text>
    </Group>
  );
}
