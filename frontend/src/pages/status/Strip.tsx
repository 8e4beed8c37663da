import { Skeleton, Tooltip } from "@mantine/core";
import { type MouseEvent, useState } from "react";

import { BAR_HEIGHTS, STRIP_HEIGHT } from "./barHeights";
import classes from "./status.module.css";
import { type Bar, type DayLevel, barAt, barWords, barsOf, stripWords } from "../../status/bars";
import { HISTORY_DAYS } from "../../status/queries";
import type { Day } from "../../status/types";

const STEP = 4;
const BAR_WIDTH = 3;

const LEVELS = ["none", "pass", "warn", "fail"] as const;

/** All bars of a level are one shape: there are thousands of bars on the page. */
function outline(bars: readonly Bar[], level: DayLevel): string {
  return bars.flatMap((bar, index) => (bar.level === level ? [barOutline(index, BAR_HEIGHTS[level])] : [])).join("");
}

function barOutline(index: number, height: number): string {
  return `M${index * STEP} ${STRIP_HEIGHT}v${-height}h${BAR_WIDTH}v${height}z`;
}

interface Props {
  /** Nothing while they are not known. */
  readonly days: readonly Day[] | undefined;
  readonly title: string;
}

/** A part's last 90 days, a bar each. One tooltip for all of them. */
export function Strip({ days, title }: Props) {
  const [shown, setShown] = useState<number>();
  if (!days) {
    return <Skeleton height={STRIP_HEIGHT} />;
  }
  const bars = barsOf(days, HISTORY_DAYS);
  const point = ({ clientX, currentTarget }: MouseEvent<SVGSVGElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    setShown(width > 0 ? barAt((clientX - left) / width, bars.length) : undefined);
  };
  const bar = shown === undefined ? undefined : bars[shown];
  return (
    <Tooltip.Floating label={bar ? barWords(bar) : ""} disabled={!bar}>
      <svg
        viewBox={`0 0 ${bars.length * STEP - (STEP - BAR_WIDTH)} ${STRIP_HEIGHT}`}
        preserveAspectRatio="none"
        className={classes["strip"]}
        role="img"
        aria-label={`${title}. ${stripWords(days)}`}
        onMouseMove={point}
        onMouseLeave={() => {
          setShown(undefined);
        }}
      >
        {LEVELS.map((level) => (
          <path key={level} d={outline(bars, level)} className={classes[`bar-${level}`]} />
        ))}
        {shown !== undefined && bar && (
          <path
            d={barOutline(shown, BAR_HEIGHTS[bar.level])}
            className={`${classes[`bar-${bar.level}`]} ${classes["shown"]}`}
          />
        )}
      </svg>
    </Tooltip.Floating>
  );
}
