import { Text } from "@mantine/core";
import { IconAlertTriangle, IconArrowBackUp, IconEye, IconInfoCircle } from "@tabler/icons-react";

import { ResumeButton } from "./ResumeButton";
import { untilThen, useSeconds } from "../../analysis/countdown";
import { Backticks } from "../../components/Backticks";
import { LinkAnchor } from "../../components/links";
import { NoticeCard } from "../../components/NoticeCard";
import { Time } from "../../components/Time";
import type { Deployment } from "../../deployments/types";
import { STATES, isWatched, wentWrong } from "../../deployments/words";

/** What became of a deployment, where that needs words. */
export function Outcome({ deployment }: { readonly deployment: Deployment }) {
  const { state, reason, previous } = deployment;
  if (!wentWrong(state)) {
    return <Watched deployment={deployment} />;
  }
  const isBack = state === "taking_back" || state === "taken_back";
  const isBad = state === "failed" || state === "stuck";
  return (
    <NoticeCard
      color={isBad ? "red" : isBack ? "yellow" : "gray"}
      icon={
        isBack ? (
          <IconArrowBackUp size={18} aria-hidden />
        ) : isBad ? (
          <IconAlertTriangle size={18} aria-hidden />
        ) : (
          <IconInfoCircle size={18} aria-hidden />
        )
      }
      title={STATES[state].label}
    >
      {reason && (
        <Text size="sm" component="div" style={{ overflowWrap: "anywhere" }}>
          <Backticks text={reason} />
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {STATES[state].means}{" "}
        {isBack && typeof previous === "number" && (
          <LinkAnchor to="/deployments/$id" params={{ id: String(previous) }} inherit underline="always">
            To #{previous}
          </LinkAnchor>
        )}
      </Text>
      {state === "taken_back" && (
        <Text size="sm" c="dimmed">
          This commit is in quarantine: it is deployed again only by hand.
        </Text>
      )}
      {state === "stuck" && (
        <div>
          <ResumeButton verb="Let it try again" />
        </div>
      )}
    </NoticeCard>
  );
}

function Watched({ deployment }: { readonly deployment: Deployment }) {
  const until = deployment.watch_until;
  const now = useSeconds(typeof until === "string");
  if (typeof until !== "string" || !isWatched(deployment, now)) {
    return null;
  }
  return (
    <NoticeCard color="teal" icon={<IconEye size={18} aria-hidden />} title="Live, and watched">
      <Text size="sm" style={{ fontVariantNumeric: "tabular-nums" }}>
        Until <Time at={until} /> ({untilThen(until, now)}) a bad sign takes it back by itself: errors, a container that
        is not ready, a canary with a wrong number.
      </Text>
    </NoticeCard>
  );
}
