import { memo } from "react";

import classes from "./log.module.css";
import { clockTime } from "../../../deployments/clock";
import { pieces } from "../../../deployments/log/find";
import type { LogLine } from "../../../deployments/types";
import { STEPS } from "../../../deployments/words";

interface Props {
  readonly line: LogLine;
  readonly isFirstOfStep: boolean;
  /** What is searched for. */
  readonly text: string;
  readonly isCurrent: boolean;
  /** Where it stands, in pixels. */
  readonly top: number;
}

/** One line of the log: of plain elements, because scrolling draws hundreds a second. */
export const LogRow = memo(function LogRow({ line, isFirstOfStep, text, isCurrent, top }: Props) {
  return (
    <div
      className={classes["line"]}
      style={{ transform: `translateY(${top}px)` }}
      data-seq={line.seq}
      data-current={isCurrent || undefined}
    >
      <span className={classes["time"]}>{clockTime(line.at)}</span>
      <span className={classes["step"]}>{isFirstOfStep && line.step ? STEPS[line.step].label : ""}</span>
      <span>
        {pieces(line.line, text).map((piece, index) =>
          index % 2 === 1 ? (
            <mark key={index} className={classes["hit"]}>
              {piece}
            </mark>
          ) : (
            piece
          ),
        )}
      </span>
    </div>
  );
});
