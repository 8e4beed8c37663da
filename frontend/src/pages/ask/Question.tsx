import { Button, Card, Group, Radio, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";

import type { Agent } from "../../analyses/agents";
import { columnsOf, useDataset } from "../../ask/useQuestion";
import { Loading } from "../../components/Loading";
import { Problem } from "../../components/Problem";
import { type DatasetSummary, isReadable } from "../../data/datasets";
import { formatCount } from "../../format";
import { QuestionForm } from "./QuestionForm";

interface Props {
  readonly agents: readonly Agent[];
  readonly tables: readonly DatasetSummary[];
  readonly datasetId?: string;
  readonly agentName?: string;
  /** Parameters to begin from. */
  readonly given?: Readonly<Record<string, unknown>>;
}

/** Which table and which agent; then their form. */
export function Question({ agents, tables, datasetId, agentName, given }: Props) {
  const [chosenTable, chooseTable] = useState(datasetId ?? newestReady(tables));
  const [chosenAgent, chooseAgent] = useState(agentName ?? agents[0]?.name);
  const dataset = useDataset(chosenTable);
  const agent = agents.find(({ name }) => name === chosenAgent);

  return (
    <Stack gap="lg">
      <Card withBorder>
        <Stack gap="md">
          <Select
            label="Table"
            searchable
            allowDeselect={false}
            placeholder="Choose a table"
            nothingFoundMessage="No table of that name"
            data={tableChoices(tables, dataset.data)}
            value={chosenTable ?? null}
            onChange={(id) => {
              chooseTable(id ?? undefined);
            }}
          />
          {agents.length > 1 ? (
            <Radio.Group label="Kind of question" value={chosenAgent ?? ""} onChange={chooseAgent}>
              <Stack gap="xs" mt="xs">
                {agents.map(({ name, title, summary }) => (
                  <Radio key={name} value={name} label={title} description={summary} />
                ))}
              </Stack>
            </Radio.Group>
          ) : (
            agent && (
              <Text size="sm">
                <b>{agent.title}.</b> {agent.summary}
              </Text>
            )
          )}
        </Stack>
      </Card>
      {dataset.isError && <Problem error={dataset.error} onRetry={() => void dataset.refetch()} />}
      {chosenTable !== undefined && dataset.isPending && <Loading what="Loading the table's columns" />}
      {dataset.data && !isReadable(dataset.data) && (
        <Group>
          <Text>This table is still being read. Its columns are here in a moment.</Text>
          <Button size="xs" variant="default" onClick={() => void dataset.refetch()}>
            Look again
          </Button>
        </Group>
      )}
      {dataset.data && isReadable(dataset.data) && agent && (
        <QuestionForm
          key={`${dataset.data.id} ${agent.name}`}
          agent={agent}
          dataset={dataset.data}
          columns={columnsOf(dataset.data)}
          {...(given && agent.name === agentName ? { given } : {})}
        />
      )}
    </Stack>
  );
}

function newestReady(tables: readonly DatasetSummary[]): string | undefined {
  return tables.length === 1 ? tables.find(isReadable)?.id : undefined;
}

/** The newest versions, and the chosen one where it is an older one. */
function tableChoices(tables: readonly DatasetSummary[], chosen: DatasetSummary | undefined) {
  const older = chosen && !tables.some(({ id }) => id === chosen.id) ? [chosen] : [];
  return [...older, ...tables].map((table) => ({
    value: table.id,
    label: `${table.name}, version ${table.version}${typeof table.rows === "number" ? ` (${formatCount(table.rows)} rows)` : ""}`,
    disabled: !isReadable(table),
  }));
}
