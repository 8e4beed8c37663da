import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";

import classes from "./log.module.css";
import { LogRow } from "./LogRow";
import type { LogShown } from "../../../deployments/log/lines";

const ROW_PX = 20;
const OVERSCAN = 20;
/** So near to the end counts as at the end. */
const END_PX = 30;

interface Props {
  readonly shown: LogShown;
  /** Whether the newest line is kept in sight. */
  readonly follows: boolean;
  readonly onFollows: (follows: boolean) => void;
  /** What is searched for. */
  readonly text: string;
  /** The place of the line that the search is at. */
  readonly current: number | undefined;
}

/** A log of any length: only the lines in sight are drawn. Scrolling up stops it, scrolling to its end lets it go on. */
export function LogView({ shown, follows, onFollows, text, current }: Props) {
  const { lines, count } = shown;
  const region = useRef<HTMLElement>(null);
  const before = useRef(0);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing of it is passed on or remembered
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => region.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
  });

  useEffect(() => {
    if (follows && count > 0) {
      virtualizer.scrollToIndex(count - 1, { align: "end" });
    }
  }, [virtualizer, follows, count]);
  useEffect(() => {
    if (current !== undefined) {
      virtualizer.scrollToIndex(current, { align: "center" });
    }
  }, [virtualizer, current, text]);

  return (
    <section
      ref={region}
      className={classes["log"]}
      aria-label="Log"
      // Scrolled by keyboard too.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        const isUp = scrollTop < before.current;
        const isAtEnd = scrollHeight - clientHeight - scrollTop < END_PX;
        before.current = scrollTop;
        if (isAtEnd !== follows && (isAtEnd || isUp)) {
          onFollows(isAtEnd);
        }
      }}
    >
      <div className={classes["room"]} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const line = lines[index];
          return (
            line && (
              <LogRow
                key={line.seq}
                line={line}
                isFirstOfStep={lines[index - 1]?.step !== line.step}
                text={text}
                isCurrent={index === current}
                top={start}
              />
            )
          );
        })}
      </div>
    </section>
  );
}
