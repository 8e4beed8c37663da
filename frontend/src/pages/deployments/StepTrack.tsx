import { Group, Text, VisuallyHidden } from "@mantine/core";

import { StepIcon } from "./StepIcon";
import type { StepView } from "../../deployments/types";
import { STEPS, STEP_STATES } from "../../deployments/words";

/** How far a deployment is: its steps in a row. */
export function StepTrack({ steps }: { readonly steps: readonly StepView[] }) {
  return (
    <Group component="ol" gap="6px 16px" m={0} p={0} aria-label="Steps" style={{ listStyle: "none" }}>
      {steps.map(({ step, state }) => (
        <Group key={step} component="li" gap={4} wrap="nowrap" title={STEPS[step].means}>
          <StepIcon state={state} />
          <Text size="sm" {...(state === "waiting" || state === "skipped" ? { c: "dimmed" } : {})} component="span">
            {STEPS[step].label}
            <VisuallyHidden>: {STEP_STATES[state]}</VisuallyHidden>
          </Text>
        </Group>
      ))}
    </Group>
  );
}
