import { Group, Progress, Table, Text } from "@mantine/core";
import { LinkAnchor } from "../components/links";

import { StateBadge } from "../components/StateBadge";
import { Time } from "../components/Time";
import type { Analysis } from "../data/datasets";
import { useProgress } from "../live/context";
import { useAgents } from "./agents";
import { questionInShort } from "./question";

/** Analyses as they stand, newest first. */
export function AnalysisTable({ analyses }: { readonly analyses: readonly Analysis[] }) {
  const agents = useAgents().data;
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table aria-label="Analyses" verticalSpacing={6} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Question</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Asked</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {analyses.map((analysis) => (
            <Table.Tr key={analysis.id}>
              <Table.Td>
                <LinkAnchor fz="inherit" to="/analyses/$id" params={{ id: analysis.id }}>
                  {questionInShort(
                    agents?.find(({ name }) => name === analysis.agent),
                    analysis.agent,
                    analysis.parameters,
                  )}
                </LinkAnchor>
              </Table.Td>
              <Table.Td>
                <Standing analysis={analysis} />
              </Table.Td>
              <Table.Td>
                <Time at={analysis.created_at} ago />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** The state, and how far a running one is. */
export function Standing({ analysis }: { readonly analysis: Analysis }) {
  const progress = useProgress(analysis.id);
  return (
    <Group gap="xs" wrap="nowrap">
      <StateBadge state={analysis.state} />
      {analysis.state === "running" && progress && (
        <>
          <Progress value={progress.fraction * 100} w={80} aria-label="Share done" />
          <Text size="xs" c="dimmed" truncate maw={220}>
            {progress.step}
          </Text>
        </>
      )}
    </Group>
  );
}
