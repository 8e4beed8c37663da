import { Alert, Group, Paper, Progress, Stack, Text } from "@mantine/core";
import { IconPlayerPause } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { ordinal, remainingNow, sinceThen, untilThen, useSeconds } from "../../analysis/countdown";
import type { Analysis } from "../../analysis/question";
import { StateBadge } from "../../components/StateBadge";
import { formatSeconds } from "../../format";
import { useLiveStatus, useProgress } from "../../live/context";

/** Where an analysis stands that has not ended, live. */
export function ProgressCard({ analysis }: { readonly analysis: Analysis }) {
  const live = useLiveStatus();
  return (
    <Paper component="section" withBorder p={{ base: "md", sm: "lg" }} radius="md" aria-label="Progress">
      <Stack gap="sm">
        {analysis.state === "running" ? <Running analysis={analysis} /> : <Waiting analysis={analysis} />}
        {live === "waiting" && (
          <Text size="xs" c="dimmed">
            Live news are interrupted; this page asks every few seconds until they are back.
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

function Running({ analysis }: { readonly analysis: Analysis }) {
  const heard = useProgress(analysis.id);
  const now = useSeconds(true);
  const progress = heard?.attempt === analysis.attempt ? heard : undefined;
  const percent = Math.round((progress?.fraction ?? 0) * 100);
  const step = analysis.cancel_requested ? "Being cancelled" : (progress?.step ?? "The worker has begun");
  const since = sinceThen(analysis.started_at, now);
  return (
    <>
      <Line
        left={<StateBadge state="running" />}
        right={[since && `for ${since}`, remainingNow(progress, now)].filter(Boolean).join(" · ")}
      />
      <Progress
        value={progress ? Math.max(percent, 2) : 100}
        striped={!progress}
        animated={!progress}
        size="lg"
        aria-label="Share done"
        {...(progress ? { "aria-valuetext": `${percent} percent` } : {})}
      />
      <Text size="sm" role="status">
        {step}
        {progress ? ` (${percent} %)` : "…"}
        {analysis.attempt > 1 ? ` · attempt ${analysis.attempt}` : ""}
      </Text>
    </>
  );
}

function Waiting({ analysis }: { readonly analysis: Analysis }) {
  const now = useSeconds(true);
  const {
    queue_position: place,
    expected_start: start,
    expected_s: expected,
    paused,
    run_at: notBefore,
    failure,
  } = analysis;
  return (
    <>
      <Line left={<StateBadge state="queued" />} right={`for ${sinceThen(analysis.created_at, now) ?? ""}`} />
      <Text size="sm" role="status">
        {typeof place === "number" ? `${ordinal(place)} in the queue` : "Waits for a worker"}
        {start && !notBefore ? `; expected to begin ${untilThen(start, now)}` : ""}
        {typeof expected === "number" ? `; runs like it take about ${formatSeconds(expected)}` : ""}.
      </Text>
      {notBefore && (
        <Text size="sm">It is not begun before {untilThen(notBefore, now).replace(/^in /, "")} from now.</Text>
      )}
      {failure && (
        <Text size="sm" c="dimmed">
          The last attempt ended early: {failure.detail}
        </Text>
      )}
      {paused && (
        <Alert color="orange" icon={<IconPlayerPause aria-hidden />} title="An admin has paused analyses of this size">
          {paused}. It begins by itself when the pause ends.
        </Alert>
      )}
    </>
  );
}

function Line({ left, right }: { readonly left: ReactNode; readonly right: string }) {
  return (
    <Group justify="space-between" gap="xs">
      {left}
      <Text size="sm" c="dimmed" style={{ fontVariantNumeric: "tabular-nums" }}>
        {right}
      </Text>
    </Group>
  );
}
