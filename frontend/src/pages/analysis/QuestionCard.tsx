import { Box, Group, Paper, SimpleGrid, Stack, Text } from "@mantine/core";

import { type Agent, type Analysis, rolesOf } from "../../analysis/question";
import { LinkAnchor } from "../../components/links";
import type { DatasetSummary } from "../../data/datasets";
import { valueWords } from "../../result/details";
import classes from "../../result/result.module.css";

interface Props {
  readonly analysis: Analysis;
  readonly agent: Agent | undefined;
  /** The version that was analysed, when it is known. */
  readonly dataset: DatasetSummary | undefined;
  readonly newer: DatasetSummary | undefined;
  /** The same question asked of an earlier version. */
  readonly twin: { readonly id: string; readonly version: number } | undefined;
}

/** What was asked: roles, data, design. */
export function QuestionCard({ analysis, agent, dataset, newer, twin }: Props) {
  const roles = rolesOf(analysis.parameters, agent?.parameters_schema);
  const { design, target } = analysis.parameters;
  return (
    <Paper component="section" withBorder p={{ base: "sm", sm: "md" }} radius="md" aria-label="The question">
      <SimpleGrid component="dl" m={0} cols={{ base: 1, xs: 2, md: 4 }} spacing="md" verticalSpacing="xs">
        {roles.map(({ role, title, columns }) => (
          <Item key={role} name={title}>
            {columns.join(", ")}
          </Item>
        ))}
        {typeof design === "string" && <Item name="Design">{valueWords(design)}</Item>}
        {typeof target === "string" && <Item name="Whose effect">{valueWords(target)}</Item>}
        <Item name="Data">
          <Stack gap={0}>
            {dataset ? (
              <Group gap={6}>
                <LinkAnchor to="/data/$id" params={{ id: dataset.id }} size="sm">
                  {dataset.name}
                </LinkAnchor>
                <span>version {dataset.version}</span>
              </Group>
            ) : analysis.dataset_id ? (
              "…"
            ) : (
              "deleted, or none was needed"
            )}
            {twin && (
              <LinkAnchor to="/compare" search={{ left: twin.id, right: analysis.id }} size="xs">
                What changed since version {twin.version}
              </LinkAnchor>
            )}
            {newer && (
              <Text size="xs" c="dimmed">
                There is a newer version: {newer.version}.
              </Text>
            )}
          </Stack>
        </Item>
        <Item name="Agent">
          {agent?.title ?? analysis.agent}, version {analysis.agent_version}
        </Item>
      </SimpleGrid>
    </Paper>
  );
}

function Item({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <Box miw={0}>
      <Text component="dt" size="xs" c="dimmed">
        {name}
      </Text>
      <Text component="dd" m={0} size="sm" className={classes["value"] ?? ""}>
        {children}
      </Text>
    </Box>
  );
}
