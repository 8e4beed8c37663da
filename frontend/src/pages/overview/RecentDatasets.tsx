import { Table } from "@mantine/core";

import { mayWrite, useWorkspace } from "../../app/workspace";
import { LinkAnchor } from "../../components/links";
import { Section } from "../../components/Section";
import { Time } from "../../components/Time";
import { type DatasetSummary, isReadable } from "../../data/datasets";
import { formatCount } from "../../format";

const SHOWN = 6;

/** The newest datasets, each with the way to a question of it. */
export function RecentDatasets({ datasets }: { readonly datasets: readonly DatasetSummary[] }) {
  const { workspace } = useWorkspace();
  return (
    <Section
      title="Data"
      actions={
        <LinkAnchor to="/data" size="sm">
          All data
        </LinkAnchor>
      }
    >
      <Table verticalSpacing="xs" layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th visibleFrom="sm">Size</Table.Th>
            <Table.Th w={130} visibleFrom="sm">
              Added
            </Table.Th>
            {mayWrite(workspace) && <Table.Th w={90}>Ask</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {datasets.slice(0, SHOWN).map((dataset) => {
            const { id, name, version, rows, column_count, created_at } = dataset;
            return (
              <Table.Tr key={id}>
                <Table.Td style={{ overflowWrap: "anywhere" }}>
                  <LinkAnchor to="/data/$id" params={{ id }} size="sm">
                    {name} v{version}
                  </LinkAnchor>
                </Table.Td>
                <Table.Td visibleFrom="sm">
                  {typeof rows === "number"
                    ? `${formatCount(rows)} rows, ${formatCount(column_count ?? 0)} columns`
                    : "not ready"}
                </Table.Td>
                <Table.Td visibleFrom="sm">
                  <Time at={created_at} ago />
                </Table.Td>
                {mayWrite(workspace) && (
                  <Table.Td>
                    {isReadable(dataset) && (
                      <LinkAnchor to="/ask" search={{ dataset: id }} size="sm" aria-label={`Ask of ${name}`}>
                        Ask
                      </LinkAnchor>
                    )}
                  </Table.Td>
                )}
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Section>
  );
}
