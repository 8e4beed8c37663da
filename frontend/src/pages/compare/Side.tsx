import { Badge, Group, Paper, Stack, Text, Title } from "@mantine/core";

import { type Analysis, questionOf } from "../../analysis/question";
import { LinkAnchor } from "../../components/links";
import { Time } from "../../components/Time";
import { answerOf } from "../../result/answer";
import { isCausalImpact } from "../../result/types";
import { checkName, sentenceCase } from "../../result/words";

interface Props {
  readonly title: string;
  readonly analysis: Analysis;
  readonly result: unknown;
}

/** One of two: its answer and what speaks against it. */
export function Side({ title, analysis, result }: Props) {
  const known = isCausalImpact(analysis.agent, result) ? result : undefined;
  const flags = known?.red_flags ?? [];
  return (
    <Paper component="section" withBorder p={{ base: "sm", sm: "lg" }} radius="md" aria-label={title} h="100%">
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Title order={2} size="h5">
            {title}
          </Title>
          {known && (
            <Badge color={flags.length > 0 ? "red" : "teal"} variant="light" tt="none">
              {flags.length > 0 ? `${flags.length} red flag${flags.length === 1 ? "" : "s"}` : "no red flags found"}
            </Badge>
          )}
        </Group>
        <Text size="sm">
          <LinkAnchor to="/analyses/$id" params={{ id: analysis.id }} underline="always">
            {questionOf(analysis)}
          </LinkAnchor>
          , <Time at={analysis.created_at} />
        </Text>
        {known ? (
          <>
            <Text fw={600}>{answerOf(known).sentence}</Text>
            {known.worth && <Text size="sm">{known.worth.finding}</Text>}
            <Stack component="ul" gap={4} m={0} pl="md">
              {flags.map(({ check, message }) => (
                <Text key={message} component="li" size="sm">
                  <b>{checkName(check)}.</b> {sentenceCase(message)}
                </Text>
              ))}
            </Stack>
          </>
        ) : (
          <Text size="sm" c="dimmed">
            This page cannot show a result of this agent side by side; open the analysis to see it.
          </Text>
        )}
      </Stack>
    </Paper>
  );
}
