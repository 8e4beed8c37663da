import { Alert, Group, Paper, Progress, Stack, Text } from "@mantine/core";
import { IconPlayerPause } from "@tabler/icons-react";

import { ordinal, remainingNow, sinceThen, untilThen, useSeconds } from "../../analysis/countdown";
import type { Analysis } from "../../analysis/question";
import { formatSeconds } from "../../format";
import { useLiveStatus, usePrimedProgress } from "../../live/context";
import { capital } from "../../result/words";

/** Where an analysis stands that has not ended, live. */
export function ProgressCard({ analysis }: { readonly analysis: Analysis }) {
  const live = useLiveStatus();
  return (
    <Paper component="section" withBorder p={{ base: "md", sm: "lg" }} radius="md" aria-label="Progress">
      <Stack gap="xs">
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
  const heard = usePrimedProgress(analysis.id);
  const now = useSeconds(true);
  const progress = heard?.attempt === analysis.attempt ? heard : undefined;
  const percent = Math.round((progress?.fraction ?? 0) * 100);
  const step = analysis.cancel_requested ? "Being cancelled…" : capital(progress?.step ?? "The worker has begun…");
  const since = sinceThen(analysis.started_at, now);
  const further = [progress && `${percent} % done`, analysis.attempt > 1 && `attempt ${analysis.attempt}`];
  return (
    <>
      <Line left={step} right={[since && `for ${since}`, remainingNow(progress, now)].filter(Boolean).join(" · ")} />
      <Progress
        value={progress ? Math.max(percent, 2) : 100}
        striped={!progress}
        animated={!progress}
        size="lg"
        aria-label="Share done"
      />
      <Text size="sm" c="dimmed">
        {further.filter(Boolean).join(" · ")}
      </Text>
    </>
  );
}

function Waiting({ analysis }: { readonly analysis: Analysis }) {
  const now = useSeconds(true);
  const { queue_position: place, expected_start: start, expected_s: expected, paused, failure } = analysis;
  // The moment of a retry counts too, and has passed.
  const notBefore = analysis.run_at && Date.parse(analysis.run_at) > now ? analysis.run_at : undefined;
  const hopes = [
    start && !notBefore ? `expected to begin ${untilThen(start, now)}` : "",
    typeof expected === "number" ? `runs like it take about ${formatSeconds(expected)}` : "",
    notBefore ? `it is tried again ${untilThen(notBefore, now)}` : "",
  ].filter((part) => part !== "");
  return (
    <>
      <Line
        left={typeof place === "number" ? `${ordinal(place)} in the queue` : "Waits for a worker"}
        right={`asked ${sinceThen(analysis.created_at, now) ?? ""} ago`}
      />
      {hopes.length > 0 && <Text size="sm">{capital(hopes.join("; "))}.</Text>}
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

/** What it does now, told to screen readers too; and for how long, which is not. */
function Line({ left, right }: { readonly left: string; readonly right: string }) {
  return (
    <Group justify="space-between" gap="xs">
      <Text fw={600} role="status">
        {left}
      </Text>
      <Text size="sm" c="dimmed" style={{ fontVariantNumeric: "tabular-nums" }}>
        {right}
      </Text>
    </Group>
  );
}
