import { Text } from "@mantine/core";
import { IconHourglass, IconTool } from "@tabler/icons-react";

import { NoticeCard } from "../../components/NoticeCard";
import { Time } from "../../components/Time";
import { useNow } from "../../components/useNow";
import type { StatusNow } from "../../status/types";
import { titlesOf, windowParts } from "../../status/words";

/** What one has to know to read the rest rightly. */
export function Notices({ now: { settling_until: settling, windows, parts } }: { readonly now: StatusNow }) {
  const nowMs = useNow();
  const running = windows.filter(({ from, until }) => Date.parse(from) <= nowMs && Date.parse(until) > nowMs);
  const titleOf = titlesOf(parts);
  return (
    <>
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
