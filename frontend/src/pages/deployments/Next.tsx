import { Group, Stack, Text } from "@mantine/core";

import { CancelButton } from "./CancelButton";
import { CommitLine } from "./CommitLine";
import { DeploymentBadge } from "./DeploymentBadge";
import { StepTrack } from "./StepTrack";
import { sinceThen, useSeconds } from "../../analysis/countdown";
import { LinkAnchor } from "../../components/links";
import { Section } from "../../components/Section";
import { useDeployment } from "../../deployments/queries";
import type { Overview, Summary } from "../../deployments/types";
import { TRIGGERS, commitWords, headWords, originWords } from "../../deployments/words";

/** What is under way, what waits behind it, and how the branch stands to what is live. */
export function Next({ overview }: { readonly overview: Overview }) {
  const { running, pending, trigger, branch } = overview;
  return (
    <Section title={running ? "Under way" : "Next"} about={TRIGGERS[trigger](branch)}>
      {running && <Running summary={running} />}
      {pending && <Pending summary={pending} />}
      {!running && !pending && <Text size="sm">Nothing is under way and nothing waits.</Text>}
      <Text size="sm" c="dimmed">
        {headWords(overview)}
      </Text>
    </Section>
  );
}

function Running({ summary }: { readonly summary: Summary }) {
  const { id, state, commit, started_at: startedAt } = summary;
  const now = useSeconds(true);
  const steps = useDeployment(id).data?.steps ?? [];
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm" align="flex-start">
        <Stack gap={4} miw={0} flex={1}>
          <Group gap="xs">
            <DeploymentBadge state={state} />
            <LinkAnchor to="/deployments/$id" params={{ id: String(id) }} fw={600}>
              {commitWords(commit)}
            </LinkAnchor>
          </Group>
          <CommitLine commit={commit} />
          <Text size="sm" style={{ fontVariantNumeric: "tabular-nums" }}>
            {originWords(summary)}
            {startedAt && `, for ${sinceThen(startedAt, now) ?? ""}`}
          </Text>
        </Stack>
        <CancelButton summary={summary} />
      </Group>
      <StepTrack steps={steps} />
    </Stack>
  );
}

function Pending({ summary }: { readonly summary: Summary }) {
  return (
    <Group justify="space-between" gap="sm" align="flex-start">
      <Stack gap={4} miw={0} flex={1}>
        <Group gap="xs">
          <DeploymentBadge state={summary.state} />
          <LinkAnchor to="/deployments/$id" params={{ id: String(summary.id) }} fw={600}>
            {commitWords(summary.commit)}
          </LinkAnchor>
        </Group>
        <CommitLine commit={summary.commit} />
        <Text size="sm">
          {originWords(summary)}, begins when the one above has ended. A newer commit would take its place.
        </Text>
      </Stack>
      <CancelButton summary={summary} />
    </Group>
  );
}
