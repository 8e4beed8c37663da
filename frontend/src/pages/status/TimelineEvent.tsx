import { Badge, Text } from "@mantine/core";

import { DeploymentLink } from "./DeploymentLink";
import classes from "./status.module.css";
import { Backticks } from "../../components/Backticks";
import { formatTimePrecisely } from "../../format";
import type { StatusEvent } from "../../status/types";
import { EVENTS, type TitleOf, eventWords } from "../../status/words";

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

interface Props {
  readonly event: StatusEvent;
  readonly titleOf: TitleOf;
}

/** A line of the timeline. */
export function TimelineEvent({ event, titleOf }: Props) {
  const { at, kind, deployment } = event;
  const { label, color } = EVENTS[kind];
  return (
    <li className={classes["event"]}>
      <Text size="sm" c="dimmed" component="time" dateTime={at} title={formatTimePrecisely(at)}>
        {clock.format(new Date(at))}
      </Text>
      <Badge color={color} variant="light" tt="none">
        {label}
      </Badge>
      <Text size="sm" component="div" className={classes["what"] ?? ""}>
        <Backticks text={eventWords(event, titleOf)} />
        {typeof deployment === "number" && (
          <>
            {" "}
            <DeploymentLink id={deployment} />
          </>
        )}
      </Text>
    </li>
  );
}
