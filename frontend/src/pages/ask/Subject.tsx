import { Group, Radio, Select, SimpleGrid, Stack, Text } from "@mantine/core";

import { useWorkspace } from "../../app/workspace";
import type { Agent } from "../../ask/useAgents";
import { Empty } from "../../components/Empty";
import { LinkAnchor } from "../../components/links";
import { Section } from "../../components/Section";
import { type Dataset, type DatasetSummary, isReadable, useDatasets, useVersions } from "../../data/datasets";
import { formatCount, formatTime } from "../../format";

interface Props {
  readonly agents: readonly Agent[];
  readonly agent: Agent | undefined;
  readonly dataset: Dataset | undefined;
  readonly datasetId: string | undefined;
  readonly onAgent: (name: string) => void;
  readonly onDataset: (id: string) => void;
}

/** What is asked of what: the dataset, its version, the agent. */
export function Subject({ agents, agent, dataset, datasetId, onAgent, onDataset }: Props) {
  return (
    <Section title="Data and agent">
      <Stack gap="md">
        {(agent?.needs_dataset ?? true) && (
          <DatasetPick dataset={dataset} datasetId={datasetId} onDataset={onDataset} />
        )}
        {agents.length === 1 && agent ? (
          <Text size="sm">
            <Text span fw={600}>
              {agent.title}.
            </Text>{" "}
            <Text span c="dimmed">
              {agent.summary}
            </Text>
          </Text>
        ) : (
          <Radio.Group
            label="Agent"
            description="What computes the answer"
            value={agent?.name ?? null}
            onChange={onAgent}
          >
            <Stack gap="xs" mt="xs">
              {agents.map(({ name, title, summary }) => (
                <Radio key={name} value={name} label={title} description={summary} />
              ))}
            </Stack>
          </Radio.Group>
        )}
      </Stack>
    </Section>
  );
}

function DatasetPick({ dataset, datasetId, onDataset }: Pick<Props, "dataset" | "datasetId" | "onDataset">) {
  const { workspace } = useWorkspace();
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useDatasets(workspace.id);
  const versions = useVersions(datasetId ?? "", datasetId !== undefined);
  const newest = data?.pages.flatMap(({ datasets }) => datasets) ?? [];
  if (data && newest.length === 0 && datasetId === undefined) {
    return (
      <Empty title="There are no data in this workspace yet">
        <LinkAnchor inherit underline="always" to="/data">
          Upload a table
        </LinkAnchor>
        , or begin with a demo on{" "}
        <LinkAnchor inherit underline="always" to="/">
          the overview
        </LinkAnchor>
        .
      </Empty>
    );
  }
  // The list has the newest version of each name; a link may lead to another one, or to another workspace.
  const named = newest.find(
    ({ name, workspace_id }) => name === dataset?.name && workspace_id === dataset.workspace_id,
  );
  const listed = dataset && !named ? [dataset, ...newest] : newest;
  const chosen = named?.id ?? dataset?.id ?? null;
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <div>
        <Select
          label="Dataset"
          withAsterisk
          placeholder={data ? "Choose what to ask" : "Loading the datasets …"}
          searchable
          allowDeselect={false}
          nothingFoundMessage="No such dataset"
          data={listed.map((one) => ({ value: one.id, label: one.name, disabled: !isReadable(one) }))}
          renderOption={({ option }) => <DatasetOption dataset={listed.find(({ id }) => id === option.value)} />}
          value={chosen}
          onChange={(id) => {
            if (id !== null) {
              onDataset(id);
            }
          }}
          onDropdownOpen={() => {
            if (hasNextPage && !isFetchingNextPage) {
              void fetchNextPage();
            }
          }}
        />
        {dataset && (
          <Text size="xs" c="dimmed" mt={4}>
            {shapeOf(dataset)} ·{" "}
            <LinkAnchor inherit underline="always" to="/data/$id" params={{ id: dataset.id }}>
              Look at it
            </LinkAnchor>
          </Text>
        )}
      </div>
      <Select
        label="Version"
        allowDeselect={false}
        disabled={datasetId === undefined}
        placeholder="–"
        data={(versions.data?.datasets ?? (dataset ? [dataset] : [])).map((one, index) => ({
          value: one.id,
          label: `${one.version}${index === 0 ? " (newest)" : ""} · ${formatTime(one.created_at)}`,
          disabled: !isReadable(one),
        }))}
        value={datasetId ?? null}
        onChange={(id) => {
          if (id !== null) {
            onDataset(id);
          }
        }}
      />
    </SimpleGrid>
  );
}

function DatasetOption({ dataset }: { readonly dataset: DatasetSummary | undefined }) {
  return (
    dataset && (
      <Group justify="space-between" gap="xs" flex={1}>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {dataset.name}
        </Text>
        <Text size="xs" c="dimmed">
          {shapeOf(dataset)}
        </Text>
      </Group>
    )
  );
}

function shapeOf({ rows, column_count, state }: DatasetSummary): string {
  return typeof rows === "number"
    ? `${formatCount(rows)} rows, ${formatCount(column_count ?? 0)} columns`
    : state === "failed"
      ? "could not be read"
      : "not ready yet";
}
