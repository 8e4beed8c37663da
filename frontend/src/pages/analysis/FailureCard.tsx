import { Button, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconBan } from "@tabler/icons-react";

import { failureWords } from "../../analysis/failure";
import type { Analysis } from "../../analysis/question";
import { LinkButton } from "../../components/links";
import { NoticeCard } from "../../components/NoticeCard";
import { sentenceCase } from "../../result/words";

interface Props {
  readonly analysis: Analysis;
  /** Absent for those who may only read. */
  readonly onRetry: (() => void) | undefined;
  readonly retrying: boolean;
}

/** Why there is no result, and what to do about it. */
export function FailureCard({ analysis, onRetry, retrying }: Props) {
  const cancelled = analysis.state === "cancelled";
  const { title, advice, retry } = failureWords(analysis.failure?.reason ?? (cancelled ? "cancelled" : ""));
  return (
    <NoticeCard
      color={cancelled ? "gray" : "red"}
      title={title}
      icon={cancelled ? <IconBan size={18} aria-hidden /> : <IconAlertTriangle size={18} aria-hidden />}
    >
      <Stack gap="sm">
        {analysis.failure && (
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {sentenceCase(analysis.failure.detail)}
          </Text>
        )}
        <Text size="sm">
          <b>What to do.</b> {advice}
        </Text>
        {onRetry && (
          <Group gap="xs">
            <Button size="xs" variant={retry ? "filled" : "default"} onClick={onRetry} loading={retrying}>
              Try again
            </Button>
            <LinkButton size="xs" variant={retry ? "default" : "filled"} to="/ask" search={{ clone: analysis.id }}>
              Change the question
            </LinkButton>
          </Group>
        )}
      </Stack>
    </NoticeCard>
  );
}
