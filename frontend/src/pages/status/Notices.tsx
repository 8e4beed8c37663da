import { Text } from "@mantine/core";
import { IconClockExclamation, IconHourglass, IconTool } from "@tabler/icons-react";

import { NoticeCard } from "../../components/NoticeCard";
import { Time } from "../../components/Time";
import { useNow } from "../../components/useNow";
import type { StatusNow } from "../../status/types";
import { lasting, secondsBetween, titlesOf, windowParts } from "../../status/words";

/** A picture that is older was not made by somebody who looks. */
const OLD_S = 60;

interface Props {
  readonly now: StatusNow;
  /** When this was heard. */
  readonly heardAt: number;
}

/** What one has to know to read the rest rightly. */
export function Notices({ now: { at, settling_until: settling, windows, parts }, heardAt }: Props) {
  const nowMs = Math.max(useNow(), heardAt);
  const oldS = secondsBetween(at, heardAt);
  const running = windows.filter(({ from, until }) => Date.parse(from) <= nowMs && Date.parse(until) > nowMs);
  const titleOf = titlesOf(parts);
  return (
    <>
      {oldS > OLD_S && (
        <NoticeCard
          color="yellow"
          icon={<IconClockExclamation size={18} aria-hidden />}
          title={`These states are ${lasting(oldS)} old`}
        >
          <Text size="sm">
            The health service answers, but nobody has looked since <Time at={at} />. It says so itself where it can;
            otherwise this machine&apos;s clock or the server&apos;s is wrong.
          </Text>
        </NoticeCard>
      )}
      {settling && Date.parse(settling) > nowMs && (
        <NoticeCard
          color="gray"
          icon={<IconHourglass size={18} aria-hidden />}
          title="The platform has just been started"
        >
          <Text size="sm">
            What is not up yet raises no alert until <Time at={settling} />.
          </Text>
        </NoticeCard>
      )}
      {running.map(({ id, until, reason, ...window }) => (
        <NoticeCard
          key={id}
          color="yellow"
          icon={<IconTool size={18} aria-hidden />}
          title={`Maintenance of ${windowParts(window, titleOf)}`}
        >
          <Text size="sm">
            {reason} What is in it raises no alert until <Time at={until} />.
          </Text>
        </NoticeCard>
      ))}
    </>
  );
}
