import { Group, Table, Text } from "@mantine/core";

import { LinkAnchor } from "../../components/links";
import { Person } from "../../components/Person";
import { Time } from "../../components/Time";
import { counted } from "../../data/columns";
import type { DatasetSummary } from "../../data/datasets";
import { formatBytes, formatCount } from "../../format";
import { DatasetState } from "./DatasetState";

/** The newest version of each dataset, or the versions of one. */
export function DatasetsTable({ datasets }: { readonly datasets: readonly DatasetSummary[] }) {
  return (
    <Table verticalSpacing="xs" highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th visibleFrom="sm" ta="right">
            Rows
          </Table.Th>
          <Table.Th visibleFrom="sm" ta="right">
            Columns
          </Table.Th>
          <Table.Th visibleFrom="md" ta="right">
            Size
          </Table.Th>
          <Table.Th visibleFrom="md">By</Table.Th>
          <Table.Th visibleFrom="sm">When</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {datasets.map((dataset) => (
          <Row key={dataset.id} dataset={dataset} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Row({ dataset }: { readonly dataset: DatasetSummary }) {
  const { id, name, version, rows, column_count, size_bytes, created_at, created_by, workspace_id } = dataset;
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap={8} wrap="nowrap" align="baseline">
          <LinkAnchor to="/data/$id" params={{ id }} fw={600} style={{ overflowWrap: "anywhere" }}>
            {name}
          </LinkAnchor>
          <Text span size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
            version {version}
          </Text>
        </Group>
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          {typeof rows === "number" && `${counted(rows, "row")}, ${counted(column_count ?? 0, "column")} · `}
          <Time at={created_at} ago />
        </Text>
      </Table.Td>
      <Table.Td>
        <DatasetState dataset={dataset} />
      </Table.Td>
      <Number visibleFrom="sm" value={rows} />
      <Number visibleFrom="sm" value={column_count} />
      <Table.Td visibleFrom="md" ta="right" style={{ whiteSpace: "nowrap" }}>
        {typeof size_bytes === "number" ? formatBytes(size_bytes) : "–"}
      </Table.Td>
      <Table.Td visibleFrom="md" style={{ overflowWrap: "anywhere" }}>
        <Person id={created_by} workspaceId={workspace_id} />
      </Table.Td>
      <Table.Td visibleFrom="sm" style={{ whiteSpace: "nowrap" }}>
        <Time at={created_at} ago />
      </Table.Td>
    </Table.Tr>
  );
}

interface NumberProps {
  readonly value: number | null | undefined;
  readonly visibleFrom: "sm";
}

function Number({ value, visibleFrom }: NumberProps) {
  return (
    <Table.Td visibleFrom={visibleFrom} ta="right" style={{ fontVariantNumeric: "tabular-nums" }}>
      {typeof value === "number" ? formatCount(value) : "–"}
    </Table.Td>
  );
}
