import { Checkbox, Text } from "@mantine/core";
import { type Ref, memo } from "react";

import type { Analysis } from "../../analyses/merge";
import { questionOf } from "../../analysis/question";
import { useAgents } from "../../ask/useAgents";
import { DatasetName } from "../../components/DatasetName";
import { LinkAnchor } from "../../components/links";
import { Person } from "../../components/Person";
import { Standing } from "../../components/Standing";
import { Time } from "../../components/Time";
import { formatSeconds } from "../../format";
import classes from "./AnalysesTable.module.css";

interface Props {
  readonly ref: Ref<HTMLTableRowElement>;
  readonly index: number;
  readonly analysis: Analysis;
  readonly isSelected: boolean;
  readonly onToggle: (id: string) => void;
}

/** One analysis of the list. */
export const AnalysisRow = memo(function AnalysisRow({ ref, index, analysis, isSelected, onToggle }: Props) {
  const { id, dataset_id, created_by, created_at, workspace_id } = analysis;
  const title = useAgents().data?.find(({ name }) => name === analysis.agent)?.title;
  const question = questionOf(analysis, title);
  return (
    <tr ref={ref} data-index={index} aria-rowindex={index + 2} className={isSelected ? classes["selected"] : undefined}>
      <td className={classes["select"]}>
        <Checkbox
          size="xs"
          mt={2}
          aria-label={`Select ${question} to compare`}
          checked={isSelected}
          onChange={() => {
            onToggle(id);
          }}
        />
      </td>
      <td>
        <LinkAnchor to="/analyses/$id" params={{ id }} fw={600} size="sm">
          {question}
        </LinkAnchor>
        <Text size="xs" c="dimmed">
          {title ?? analysis.agent}
          {took(analysis)}
        </Text>
        <Text size="xs" c="dimmed" component="div" className={classes["narrow"] ?? ""}>
          <Time at={created_at} ago />
        </Text>
      </td>
      <td className={classes["state"]}>
        <Standing analysis={analysis} />
      </td>
      <td className={classes["wide"]}>{typeof dataset_id === "string" ? <DatasetName id={dataset_id} /> : "–"}</td>
      <td className={classes["wider"]}>
        <Person id={created_by} workspaceId={workspace_id} />
      </td>
      <td className={classes["when"]}>
        <Time at={created_at} ago />
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
