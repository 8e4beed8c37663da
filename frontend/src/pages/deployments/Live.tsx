import { Box, Group, Paper, Stack, Text } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { CommitLine } from "./CommitLine";
import { untilThen, useSeconds } from "../../analysis/countdown";
import { LinkAnchor } from "../../components/links";
import { Section } from "../../components/Section";
import { Time } from "../../components/Time";
import { formatPercent } from "../../format";
import type { Overview, Statistics, Summary } from "../../deployments/types";
import { commitWords, isWatched, originWords, took } from "../../deployments/words";

/** What runs, since when, and how releases usually go. */
export function Live({ overview }: { readonly overview: Overview }) {
  const { live, kept, statistics } = overview;
  const others = kept.filter((id) => id !== live?.id);
  return (
    <Group align="stretch" gap="lg">
      <Box flex="3 1 400px" miw={0}>
        <Section title="Live" about="What answers requests now.">
          {live ? (
            <LiveOne live={live} />
          ) : (
            <Text size="sm" c="dimmed">
              Nothing that the deployer knows of. The first deployment fills this.
            </Text>
          )}
          {others.length > 0 && (
            <Text size="sm" c="dimmed" component="div">
              Kept, to go back to within seconds:{" "}
              {others.map((id, index) => (
                <span key={id}>
                  {index > 0 && ", "}
                  <LinkAnchor to="/deployments/$id" params={{ id: String(id) }} inherit underline="always">
                    #{id}
                  </LinkAnchor>
                </span>
              ))}
            </Text>
          )}
        </Section>
      </Box>
      <Figures statistics={statistics} />
    </Group>
  );
}

function LiveOne({ live }: { readonly live: Summary }) {
  const until = live.watch_until;
  const now = useSeconds(typeof until === "string");
  return (
    <Stack gap={6}>
      <LinkAnchor to="/deployments/$id" params={{ id: String(live.id) }} fw={650} fz="lg" lh={1.3}>
        {commitWords(live.commit)}
      </LinkAnchor>
      <CommitLine commit={live.commit} />
      <Text size="sm" component="div">
        {originWords(live)}, live since <Time at={live.ended_at ?? live.created_at} ago />
      </Text>
      {typeof until === "string" && isWatched(live, now) && (
        <Group gap={6} wrap="nowrap" align="flex-start">
          <IconEye size={18} aria-hidden style={{ flexShrink: 0, marginTop: 2 }} />
          <Text size="sm" style={{ fontVariantNumeric: "tabular-nums" }}>
            Watched until <Time at={until} /> ({untilThen(until, now)}): on a bad sign it takes itself back.
          </Text>
        </Group>
      )}
    </Stack>
  );
}

function Figures({ statistics }: { readonly statistics: Statistics }) {
  const { deployments, success_share: share, median_seconds: median, since } = statistics;
  return (
    <Stack flex="1 1 220px" gap="md">
      <Figure name="Went live and stayed" value={typeof share === "number" ? formatPercent(share) : "–"}>
        {deployments === 0 ? "nothing was deployed yet" : `of ${deployments} deployments`}
        {since && (
          <>
            {" "}
            since <Time at={since} ago />
          </>
        )}
      </Figure>
      <Figure name="Until live, usually" value={took(median) ?? "–"}>
        half of those that went live took less
      </Figure>
    </Stack>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly children: ReactNode;
}

function Figure({ name, value, children }: FigureProps) {
  return (
    <Paper withBorder p="md" radius="md" flex={1}>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text fz={26} fw={650} lh={1.3}>
        {value}
      </Text>
      <Text size="xs" c="dimmed" component="div">
        {children}
      </Text>
    </Paper>
  );
}
