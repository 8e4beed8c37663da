import { Tooltip } from "@mantine/core";

import { useNow } from "../../components/useNow";
import { formatTimePrecisely } from "../../format";
import { lasting, secondsBetween } from "../../status/words";

/** For how long something has been so; since when, on hover and for screen readers. */
export function Since({ at }: { readonly at: string }) {
  const now = useNow();
  const since = `since ${formatTimePrecisely(at)}`;
  return (
    <Tooltip label={since} events={{ hover: true, focus: true, touch: true }}>
      <time dateTime={at} aria-label={since} style={{ whiteSpace: "nowrap" }}>
        for {lasting(secondsBetween(at, now))}
      </time>
    </Tooltip>
  );
}
