import { Box, Group, Stack, Text, VisuallyHidden } from "@mantine/core";

import { StepIcon } from "./StepIcon";
import { sinceThen, useSeconds } from "../../analysis/countdown";
import { Backticks } from "../../components/Backticks";
import { Section } from "../../components/Section";
import { clockTime } from "../../deployments/clock";
import type { StepView } from "../../deployments/types";
import { STEPS, STEP_STATES, took, untakenWord } from "../../deployments/words";
import { formatTimePrecisely } from "../../format";

/** The steps of a deployment, with their times. */
export function StepTimeline({ steps }: { readonly steps: readonly StepView[] }) {
  const running = steps.find(({ state }) => state === "running");
  return (
    <Section title="Steps">
      <Text size="sm" role="status" c="dimmed">
        {running ? `Now: ${STEPS[running.step].label.toLowerCase()}.` : ended(steps)}
      </Text>
      <Stack component="ol" gap="sm" m={0} p={0} style={{ listStyle: "none" }}>
        {steps.map((step) => (
          <OneStep key={step.step} step={step} untaken={untakenWord(steps, step)} />
        ))}
      </Stack>
    </Section>
  );
}

function ended(steps: readonly StepView[]): string {
  const begun = steps.filter(({ state }) => state === "done" || state === "failed").length;
  return begun === 0 ? "Nothing was begun." : `${begun} of ${steps.length} steps were taken.`;
}

interface Props {
  readonly step: StepView;
  /** The word for it where it was not taken. */
  readonly untaken: string;
}

function OneStep({ step: { step, state, started_at: startedAt, seconds, detail }, untaken }: Props) {
  const isRunning = state === "running";
  const now = useSeconds(isRunning);
  const { label, means } = STEPS[step];
  const time = isRunning ? sinceThen(startedAt, now) : took(seconds);
  return (
    <Group component="li" gap="sm" wrap="nowrap" align="flex-start">
      <Box pt={2}>
        <StepIcon state={state} />
      </Box>
      <Box flex={1} miw={0}>
        <Group justify="space-between" gap="xs" wrap="nowrap" align="baseline">
          <Text size="sm" fw={isRunning || state === "failed" ? 650 : 500} component="span">
            {label}
            {state !== "skipped" && <VisuallyHidden>, {STEP_STATES[state]}</VisuallyHidden>}
          </Text>
          <Text size="xs" c="dimmed" component="span" style={{ fontVariantNumeric: "tabular-nums", flexShrink: 0 }}>
            {state === "skipped" ? (
              untaken
            ) : (
              <>
                {startedAt && (
                  <time dateTime={startedAt} title={formatTimePrecisely(startedAt)}>
                    {clockTime(startedAt)}
                  </time>
                )}
                {time !== undefined && `, ${time}`}
              </>
            )}
          </Text>
        </Group>
        <Text size="xs" c="dimmed">
          {means}
        </Text>
        {detail && (
          <Text
            size="sm"
            {...(state === "failed" ? { c: "var(--mantine-color-error)" } : {})}
            style={{ overflowWrap: "anywhere" }}
          >
            <Backticks text={detail} />
          </Text>
        )}
      </Box>
    </Group>
  );
}
