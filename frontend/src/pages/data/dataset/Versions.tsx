import { Table, Text } from "@mantine/core";

import { LinkAnchor } from "../../../components/links";
import { Loading } from "../../../components/Loading";
import { Person } from "../../../components/Person";
import { Problem } from "../../../components/Problem";
import { ScrollRegion } from "../../../components/ScrollRegion";
import { Section } from "../../../components/Section";
import { Time } from "../../../components/Time";
import { type Dataset, type DatasetSummary, useVersions } from "../../../data/datasets";
import { sayRecipe } from "../../../data/recipe/words";
import { formatCount } from "../../../format";
import { DatasetState } from "../DatasetState";

/** All versions of the table, newest first. */
export function Versions({ dataset }: { readonly dataset: Dataset }) {
  const { data, error, refetch } = useVersions(dataset.id);
  return (
    <Section title="Versions" about="A version never changes. What came of an analysis can be repeated on its version.">
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading what="Loading the versions" lines={2} />}
      {data && (
        <ScrollRegion label="Table of versions">
          <Table verticalSpacing={6} miw={560}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Version</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th ta="right">Rows</Table.Th>
                <Table.Th ta="right">Columns</Table.Th>
                <Table.Th>Origin</Table.Th>
                <Table.Th>By</Table.Th>
                <Table.Th>When</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.datasets.map((version) => (
                <Row key={version.id} version={version} isThis={version.id === dataset.id} />
              ))}
            </Table.Tbody>
          </Table>
        </ScrollRegion>
      )}
    </Section>
  );
}

function Row({ version, isThis }: { readonly version: DatasetSummary; readonly isThis: boolean }) {
  const { id, rows, column_count, recipe, derived_from, created_at, created_by, workspace_id } = version;
  return (
    <Table.Tr bg={isThis ? "var(--mantine-primary-color-light)" : ""}>
      <Table.Td style={{ whiteSpace: "nowrap" }}>
        {isThis ? (
          <Text span size="sm" fw={600} aria-current="true">
            {version.version}, shown here
          </Text>
        ) : (
          <LinkAnchor to="/data/$id" params={{ id }} size="sm">
            version {version.version}
          </LinkAnchor>
        )}
      </Table.Td>
      <Table.Td>
        <DatasetState dataset={version} />
      </Table.Td>
      <Table.Td ta="right">{typeof rows === "number" ? formatCount(rows) : "–"}</Table.Td>
      <Table.Td ta="right">{typeof column_count === "number" ? formatCount(column_count) : "–"}</Table.Td>
      <Table.Td>
        <Text size="sm" lineClamp={2} maw={440}>
          {recipe && derived_from ? `From version ${derived_from.version}: ${sayRecipe(recipe)}` : "Uploaded"}
        </Text>
      </Table.Td>
      <Table.Td>
        <Person id={created_by} workspaceId={workspace_id} />
      </Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>
        <Time at={created_at} ago />
      </Table.Td>
    </Table.Tr>
  );
}
