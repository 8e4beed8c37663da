import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { type Analysis, questionOf } from "../../analysis/question";
import { body } from "../../api/client";
import { keys } from "../../api/keys";
import { useApi } from "../../app/platform";
import { useWorkspace } from "../../app/workspace";
import { formatTime } from "../../format";

interface Props {
  readonly label: string;
  readonly chosen: string;
  /** The chosen one, which may be of another workspace. */
  readonly current: Analysis | undefined;
  readonly onChoose: (id: string) => void;
}

/** Chooses one of the newest analyses with a result. */
export function AnalysisPicker({ label, chosen, current, onChoose }: Props) {
  const api = useApi();
  const { workspace } = useWorkspace();
  const query = { workspace_id: workspace.id, state: "succeeded", limit: 200 } as const;
  const list = useQuery({
    queryKey: keys.analysisList(query),
    queryFn: () => body(api.GET("/api/v1/analyses", { params: { query } })),
  });
  const listed = list.data?.analyses ?? [];
  const all = current && !listed.some(({ id }) => id === current.id) ? [current, ...listed] : listed;
  return (
    <Select
      label={label}
      placeholder={list.isPending ? "Loading the analyses…" : `Search the analyses of ${workspace.name}`}
      searchable
      allowDeselect={false}
      nothingFoundMessage="No analysis with a result"
      error={list.isError ? list.error.message : undefined}
      data={all.map((analysis) => ({ value: analysis.id, label: inWords(analysis) }))}
      value={chosen === "" ? null : chosen}
      onChange={(id) => {
        if (id !== null) {
          onChoose(id);
        }
      }}
    />
  );
}

function inWords(analysis: Analysis): string {
  return `${questionOf(analysis)} · ${formatTime(analysis.created_at)} · ${analysis.id.slice(0, 8)}`;
}
