import { Link } from "@tanstack/react-router";
import { type Ref, memo } from "react";

import type { Analysis } from "../../analysis/merge";
import { questionOf } from "../../analysis/question";
import { DatasetName } from "../../components/DatasetName";
import { Person } from "../../components/Person";
import { Standing } from "../../components/Standing";
import { useNow } from "../../components/useNow";
import { formatAgo, formatSeconds, formatTime } from "../../format";
import classes from "./AnalysesTable.module.css";

interface Props {
  readonly ref: Ref<HTMLTableRowElement>;
  readonly index: number;
  readonly analysis: Analysis;
  /** What the agent is called. */
  readonly agent: string | undefined;
  readonly isSelected: boolean;
  readonly onToggle: (id: string) => void;
}

/** One analysis of the list: of plain elements, because scrolling draws hundreds of rows a second. */
export const AnalysisRow = memo(function AnalysisRow({ ref, index, analysis, agent, isSelected, onToggle }: Props) {
  const { id, dataset_id, created_by, created_at, workspace_id } = analysis;
  const question = questionOf(analysis, agent);
  const ago = formatAgo(created_at, useNow());
  return (
    <tr ref={ref} data-index={index} aria-rowindex={index + 2} className={isSelected ? classes["selected"] : undefined}>
      <td className={classes["select"]}>
        <input
          type="checkbox"
          className={classes["box"]}
          aria-label={`Select ${question} to compare`}
          checked={isSelected}
          onChange={() => {
            onToggle(id);
          }}
        />
      </td>
      <td>
        <Link to="/analyses/$id" params={{ id }} className={classes["question"]}>
          {question}
        </Link>
        <div className={classes["about"]}>
          {agent ?? analysis.agent}
          {took(analysis)}
          <span className={classes["narrow"]}>{ago}</span>
        </div>
      </td>
      <td className={classes["state"]}>
        <Standing analysis={analysis} />
      </td>
      <td className={classes["wide"]}>{typeof dataset_id === "string" ? <DatasetName id={dataset_id} /> : "–"}</td>
      <td className={classes["wider"]}>
        <Person id={created_by} workspaceId={workspace_id} />
      </td>
      <td className={classes["when"]}>
        <time dateTime={created_at} title={formatTime(created_at)}>
          {ago}
        </time>
      </td>
    </tr>
  );
});

function took({ started_at, finished_at }: Analysis): string {
  if (!started_at || !finished_at) {
    return "";
  }
  return ` · took ${formatSeconds((new Date(finished_at).getTime() - new Date(started_at).getTime()) / 1000)}`;
}
