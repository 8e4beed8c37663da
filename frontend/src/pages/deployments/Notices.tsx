import { Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconBarrierBlock, IconPinned } from "@tabler/icons-react";

import { MaintenanceButton } from "./MaintenanceButton";
import { ResumeButton } from "./ResumeButton";
import { Backticks } from "../../components/Backticks";
import { LinkAnchor } from "../../components/links";
import { NoticeCard } from "../../components/NoticeCard";
import { Time } from "../../components/Time";
import type { Overview } from "../../deployments/types";

/** What an admin has to know before anything else. */
export function Notices({ overview }: { readonly overview: Overview }) {
  const { stuck, paused, pin, branch } = overview;
  return (
    <>
      {stuck && (
        <NoticeCard
          color="red"
          icon={<IconAlertTriangle size={18} aria-hidden />}
          title={`#${stuck.id} is stuck: somebody has to act`}
        >
          <Text size="sm" component="div">
            <Backticks text={stuck.reason ?? "The deployer can neither go on nor back by itself."} />
          </Text>
          <Group gap="sm">
            <LinkAnchor to="/deployments/$id" params={{ id: String(stuck.id) }} size="sm" underline="always">
              Its steps and its log
            </LinkAnchor>
            <ResumeButton verb="Let it try again" />
          </Group>
        </NoticeCard>
      )}
      {paused && (
        <NoticeCard
          color="yellow"
          icon={<IconBarrierBlock size={18} aria-hidden />}
          title="The maintenance page is up: people cannot use the platform"
        >
          <Text size="sm">
            Whoever opens it reads that it is back soon; admins still reach this page. Nothing is deployed by itself
            meanwhile.
          </Text>
          <Group>
            <MaintenanceButton isUp />
          </Group>
        </NoticeCard>
      )}
      {pin && (
        <NoticeCard
          color="yellow"
          icon={<IconPinned size={18} aria-hidden />}
          title={`Pinned to #${pin.deployment}: nothing is deployed by itself`}
        >
          <Text size="sm" component="div">
            <Backticks text={pin.reason} /> ({pin.by}, <Time at={pin.since} ago />) The pin goes when a newer commit of{" "}
            {branch} arrives, or when you let deployments go on.
          </Text>
          <Group>
            <ResumeButton verb="Let deployments go on" />
          </Group>
        </NoticeCard>
      )}
    </>
  );
}
