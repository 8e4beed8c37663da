import { Tooltip } from "@mantine/core";
import { useNow } from "./useNow";

import { formatAgo, formatTime, formatTimePrecisely } from "../format";

interface Props {
  readonly at: string;
  /** How long ago instead of when. */
  readonly ago?: boolean;
}

/** A moment in the reader's time zone; the whole of it on hover and for screen readers. */
export function Time({ at, ago = false }: Props) {
  const now = useNow();
  const precise = formatTimePrecisely(at);
  return (
    <Tooltip label={precise} events={{ hover: true, focus: true, touch: true }}>
      <time dateTime={at} aria-label={precise}>
        {ago ? formatAgo(at, now) : formatTime(at)}
      </time>
    </Tooltip>
  );
}
