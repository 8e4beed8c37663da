import { Skeleton, Tooltip } from "@mantine/core";
import { type MouseEvent, useState } from "react";

import { BAR_HEIGHTS, STRIP_HEIGHT } from "./barHeights";
import classes from "./status.module.css";
import { barAt, barWords, barsOf, stripWords } from "../../status/bars";
import { HISTORY_DAYS } from "../../status/queries";
import type { Day } from "../../status/types";

const STEP = 4;
const BAR = 3;

interface Props {
  /** Nothing while they are not known. */
  readonly days: readonly Day[] | undefined;
  readonly title: string;
}

/** A part's last 90 days, a bar each. One tooltip for all of them: there may be thousands of bars on the page. */
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
        viewBox={`0 0 ${bars.length * STEP - (STEP - BAR)} ${STRIP_HEIGHT}`}
        preserveAspectRatio="none"
        className={classes["strip"]}
        role="img"
        aria-label={`${title}. ${stripWords(days)}`}
        onMouseMove={point}
        onMouseLeave={() => {
          setShown(undefined);
        }}
      >
        {bars.map(({ level }, index) => (
          <rect
            key={index}
            x={index * STEP}
            y={STRIP_HEIGHT - BAR_HEIGHTS[level]}
            width={BAR}
            height={BAR_HEIGHTS[level]}
            className={`${classes[`bar-${level}`]} ${index === shown ? classes["shown"] : ""}`}
          />
        ))}
      </svg>
    </Tooltip.Floating>
  );
}
