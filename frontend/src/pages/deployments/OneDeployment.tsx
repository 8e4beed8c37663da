import { Anchor, Group, SimpleGrid, Stack } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { CancelButton } from "./CancelButton";
import { Commits } from "./Commits";
import { DeploymentBadge } from "./DeploymentBadge";
import { HealthGate } from "./HealthGate";
import { LogSection } from "./log/LogSection";
import { Outcome } from "./Outcome";
import { RollbackButton } from "./RollbackButton";
import { Services } from "./Services";
import { StepTimeline } from "./StepTimeline";
import { LinkAnchor } from "../../components/links";
import { Page } from "../../components/Page";
import { Time } from "../../components/Time";
import { useFollower } from "../../deployments/log/useFollower";
import type { Deployment } from "../../deployments/types";
import { askedBy, commitWords, isUnderWay, kindWords, took } from "../../deployments/words";

interface Props {
  readonly deployment: Deployment;
  /** That what is shown may be old. */
  readonly notice: ReactNode;
}

export function OneDeployment({ deployment, notice }: Props) {
  const { id, state, commit, created_at: createdAt, seconds, forced, diff_url: diff } = deployment;
  const follower = useFollower(deployment);
  return (
    <Page
      title={`#${id}: ${commitWords(commit)}`}
      about={
        <Group gap={6} component="span">
          <DeploymentBadge state={state} />
          <span>
            {kindWords(deployment)} {askedBy(deployment)}, <Time at={createdAt} ago />
            {!isUnderWay(state) && took(seconds) && `, took ${took(seconds) ?? ""}`}
            {forced && ", forced"}
          </span>
          <LinkAnchor to="/deployments" inherit underline="always">
            All deployments
          </LinkAnchor>
        </Group>
      }
      actions={
        <>
          {diff && (
            <Anchor href={diff} target="_blank" rel="noreferrer" size="sm">
              What it changes <IconExternalLink size={14} aria-label="(opens in a new tab)" />
            </Anchor>
          )}
          <CancelButton summary={deployment} />
          <RollbackButton target={deployment} />
        </>
      }
    >
      {notice}
      <Stack gap="lg">
        <Outcome deployment={deployment} />
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          <StepTimeline steps={deployment.steps} />
          <Stack gap="lg">
            <HealthGate checks={deployment.gate.checks} />
            <Services services={deployment.services} />
          </Stack>
        </SimpleGrid>
        <Commits commits={deployment.commits} />
        <LogSection id={id} follower={follower} />
      </Stack>
    </Page>
  );
}
