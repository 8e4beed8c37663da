import { Table, Text } from "@mantine/core";

import type { Analysis } from "../../analysis/merge";
import { questionOf } from "../../analysis/question";
import { useAgents } from "../../ask/useAgents";
import { DatasetName } from "../../components/DatasetName";
import { LinkAnchor } from "../../components/links";
import { Section } from "../../components/Section";
import { Standing } from "../../components/Standing";
import { Time } from "../../components/Time";

interface Props {
  readonly analyses: readonly Analysis[];
  readonly isAll: boolean;
}

/** The newest analyses, live. */
export function RecentAnalyses({ analyses, isAll }: Props) {
  const agents = useAgents().data;
  return (
    <Section
      title="Recent analyses"
      actions={
        !isAll && (
          <LinkAnchor to="/analyses" size="sm">
            All analyses
          </LinkAnchor>
        )
      }
    >
      <Table verticalSpacing="xs" layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Question</Table.Th>
            <Table.Th w={{ base: 108, sm: 200 }}>State</Table.Th>
            <Table.Th w="24%" visibleFrom="sm">
              Data
            </Table.Th>
            <Table.Th w={130} visibleFrom="sm">
              Asked
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {analyses.map((analysis) => (
            <Table.Tr key={analysis.id}>
              <Table.Td style={{ overflowWrap: "anywhere" }}>
                <LinkAnchor to="/analyses/$id" params={{ id: analysis.id }} fw={600} size="sm">
                  {questionOf(analysis, agents?.find(({ name }) => name === analysis.agent)?.title)}
                </LinkAnchor>
                <Text size="xs" c="dimmed" component="div" hiddenFrom="sm">
                  <Time at={analysis.created_at} ago />
                </Text>
              </Table.Td>
              <Table.Td>
                <Standing analysis={analysis} />
              </Table.Td>
              <Table.Td visibleFrom="sm">
                {typeof analysis.dataset_id === "string" ? <DatasetName id={analysis.dataset_id} /> : "–"}
              </Table.Td>
              <Table.Td visibleFrom="sm">
                <Time at={analysis.created_at} ago />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}
