import { Badge, Group, Stack, Table, Text, Title } from "@mantine/core";
import { LinkAnchor } from "../../components/links";

import { Time } from "../../components/Time";
import type { DatasetSummary } from "../../data/datasets";
import { formatCount } from "../../format";

/** The newest tables. */
export function RecentData({ datasets }: { readonly datasets: readonly DatasetSummary[] }) {
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Title order={2} size="h4">
          Recent data
        </Title>
        <LinkAnchor to="/data" size="sm">
          All data
        </LinkAnchor>
      </Group>
      <Table.ScrollContainer minWidth={420}>
        <Table aria-label="Recent data" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th ta="right">Rows</Table.Th>
              <Table.Th>Added</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {datasets.map(({ id, name, version, rows, state, created_at }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  <Group gap="xs" wrap="nowrap">
                    <LinkAnchor fz="inherit" to="/data/$id" params={{ id }}>
                      {name}
                    </LinkAnchor>
                    <Text c="dimmed" size="sm" component="span">
                      version {version}
                    </Text>
                    {state === "failed" && (
                      <Badge color="red" variant="light" tt="none">
                        Refused
                      </Badge>
                    )}
                  </Group>
                </Table.Td>
                <Table.Td ta="right">{typeof rows === "number" ? formatCount(rows) : "…"}</Table.Td>
                <Table.Td>
                  <Time at={created_at} ago />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
