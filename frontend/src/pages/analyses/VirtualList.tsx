import { Checkbox } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";

import { Standing } from "../../analyses/AnalysisTable";
import type { Agent } from "../../analyses/agents";
import { questionInShort } from "../../analyses/question";
import { LinkAnchor } from "../../components/links";
import { Time } from "../../components/Time";
import type { Analysis } from "../../data/datasets";
import classes from "./VirtualList.module.css";

const ROW_PX = 40;
/** Rows drawn beyond what is seen, so that fast scrolling shows few blanks. */
const AHEAD = 12;

interface Props {
  readonly analyses: readonly Analysis[];
  readonly agents: readonly Agent[];
  readonly chosen: readonly string[];
  readonly onChoose: (id: string, isChosen: boolean) => void;
  readonly hasMore: boolean;
  /** The last rows came into sight: more are wanted. */
  readonly onEnd: () => void;
}

/** A table of any length of which only what is seen is drawn. */
export function VirtualList({ analyses, agents, chosen, onChoose, hasMore, onEnd }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler is not used
  const rows = useVirtualizer({
    count: analyses.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: AHEAD,
  });
  const drawn = rows.getVirtualItems();
  const last = drawn.at(-1)?.index ?? 0;
  const isAtEnd = hasMore && last >= analyses.length - AHEAD;

  useEffect(() => {
    if (isAtEnd) {
      onEnd();
    }
    // Once for each time that the end comes into sight.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isAtEnd, analyses.length]);

  return (
    <div
      role="table"
      aria-label="Analyses"
      aria-rowcount={hasMore ? -1 : analyses.length + 1}
      className={classes["table"]}
    >
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className={`${classes["row"] ?? ""} ${classes["head"] ?? ""}`}>
          <span role="columnheader">
            <span className={classes["hidden"]}>Compare</span>
          </span>
          <span role="columnheader">Question</span>
          <span role="columnheader">State</span>
          <span role="columnheader">Asked</span>
        </div>
      </div>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <div role="rowgroup" ref={scroller} className={classes["scroller"]} tabIndex={0} aria-label="Rows">
        <div role="presentation" style={{ height: rows.getTotalSize(), position: "relative" }}>
          {drawn.map(({ index, start, size }) => {
            const analysis = analyses[index];
            return (
              analysis && (
                <div
                  role="row"
                  key={analysis.id}
                  aria-rowindex={index + 2}
                  className={classes["row"]}
                  style={{ position: "absolute", top: start, height: size, left: 0, right: 0 }}
                >
                  <span role="cell">
                    <Checkbox
                      size="xs"
                      aria-label={`Compare the analysis of ${analysis.created_at}`}
                      checked={chosen.includes(analysis.id)}
                      onChange={(event) => {
                        onChoose(analysis.id, event.currentTarget.checked);
                      }}
                    />
                  </span>
                  <span role="cell" className={classes["cut"]}>
                    <LinkAnchor fz="inherit" to="/analyses/$id" params={{ id: analysis.id }}>
                      {questionInShort(
                        agents.find(({ name }) => name === analysis.agent),
                        analysis.agent,
                        analysis.parameters,
                      )}
                    </LinkAnchor>
                  </span>
                  <span role="cell">
                    <Standing analysis={analysis} />
                  </span>
                  <span role="cell" className={classes["cut"]}>
                    <Time at={analysis.created_at} ago />
                  </span>
                </div>
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}
