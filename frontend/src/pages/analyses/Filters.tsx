import { Select, SimpleGrid } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";

import { type Filter, type JobState } from "../../analysis/merge";
import { useAgents } from "../../ask/useAgents";
import { STATE_LABELS } from "../../components/StateBadge";
import { useDataset, useDatasets } from "../../data/datasets";

export function isState(text: string | undefined): text is JobState {
  return text !== undefined && text in STATE_LABELS;
}

/** What the list shows; kept in the address, so that it can be sent on. */
export function Filters({ filter }: { readonly filter: Filter }) {
  const navigate = useNavigate();
  const agents = useAgents();
  const { data } = useDatasets(filter.workspaceId);
  // An older version is not in the list of the newest.
  const chosen = useDataset(filter.datasetId ?? "", filter.datasetId !== undefined).data;
  const newest = data?.pages.flatMap(({ datasets }) => datasets) ?? [];
  const datasets = chosen && !newest.some(({ id }) => id === chosen.id) ? [chosen, ...newest] : newest;

  const go = (change: { state?: string | null; agent?: string | null; dataset?: string | null }) => {
    const search = { state: filter.state, agent: filter.agent, dataset: filter.datasetId, ...change };
    const given = Object.fromEntries(Object.entries(search).filter(([, value]) => typeof value === "string"));
    void navigate({ to: "/analyses", search: given, replace: true });
  };
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm" maw={760}>
      <Select
        label="State"
        placeholder="Any"
        clearable
        data={Object.entries(STATE_LABELS).map(([value, label]) => ({ value, label }))}
        value={filter.state ?? null}
        onChange={(state) => {
          go({ state });
        }}
      />
      <Select
        label="Agent"
        placeholder="Any"
        clearable
        data={(agents.data ?? []).map(({ name, title }) => ({ value: name, label: title }))}
        value={filter.agent ?? null}
        onChange={(agent) => {
          go({ agent });
        }}
      />
      <Select
        label="Dataset"
        placeholder="Any"
        clearable
        searchable
        nothingFoundMessage="No such dataset"
        data={datasets.map(({ id, name, version }) => ({ value: id, label: `${name} v${version}` }))}
        value={filter.datasetId ?? null}
        onChange={(dataset) => {
          go({ dataset });
        }}
      />
    </SimpleGrid>
  );
}
