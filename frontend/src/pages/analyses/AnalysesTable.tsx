import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";

import type { Analysis } from "../../analysis/merge";
import { useAgents } from "../../ask/useAgents";
import classes from "./AnalysesTable.module.css";
import { AnalysisRow } from "./AnalysisRow";

interface Props {
  readonly analyses: readonly Analysis[];
  /** Whether there are no older ones. */
  readonly isComplete: boolean;
  readonly selected: readonly string[];
  readonly onToggle: (id: string) => void;
  /** The last row has come into sight. */
  readonly onEnd: () => void;
}

const ROW_PX = 56;
const OVERSCAN = 8;
const COLUMNS = 6;
/** Rows before the end at which older ones are asked for. */
const AHEAD = 40;

/** A table of any length: only the rows in sight are drawn, the others are room above and below. */
export function AnalysesTable({ analyses, isComplete, selected, onToggle, onEnd }: Props) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    setTop(body.current ? body.current.getBoundingClientRect().top + window.scrollY : 0);
  }, []);
  const virtualizer = useWindowVirtualizer({
    count: analyses.length,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    scrollMargin: top,
    getItemKey: (index) => analyses[index]?.id ?? index,
  });
  const agents = useAgents().data;
  const rows = virtualizer.getVirtualItems();
  const [first, last] = [rows[0], rows.at(-1)];
  const isNearEnd = last !== undefined && last.index >= analyses.length - AHEAD;
  useEffect(() => {
    if (isNearEnd && !isComplete) {
      onEnd();
    }
  });

  return (
    <table className={classes["table"]} aria-rowcount={isComplete ? analyses.length + 1 : -1}>
      <thead>
        <tr aria-rowindex={1}>
          <th className={classes["select"]}>
            <span className={classes["hidden"]}>Selected</span>
          </th>
          <th>Question</th>
          <th className={classes["state"]}>State</th>
          <th className={classes["wide"]}>Data</th>
          <th className={classes["wider"]}>By</th>
          <th className={classes["when"]}>Asked</th>
        </tr>
      </thead>
      <tbody ref={body}>
        <Room height={first ? first.start - top : 0} />
        {rows.map(({ index, key }) => {
          const analysis = analyses[index];
          return (
            analysis && (
              <AnalysisRow
                key={key}
                ref={virtualizer.measureElement}
                index={index}
                analysis={analysis}
                agent={agents?.find(({ name }) => name === analysis.agent)?.title}
                isSelected={selected.includes(analysis.id)}
                onToggle={onToggle}
              />
            )
          );
        })}
        <Room height={last ? virtualizer.getTotalSize() - (last.end - top) : 0} />
      </tbody>
    </table>
  );
}

function Room({ height }: { readonly height: number }) {
  return height > 0 ? (
    <tr aria-hidden className={classes["room"]}>
      <td colSpan={COLUMNS} style={{ height }} />
    </tr>
  ) : null;
}
