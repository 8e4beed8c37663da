import { Badge } from "@mantine/core";

import type { components } from "../api/schema";

export type JobState = components["schemas"]["JobState"];

const LOOKS: Record<JobState, { readonly color: string; readonly label: string }> = {
  queued: { color: "gray", label: "Waiting" },
  running: { color: "blue", label: "Running" },
  succeeded: { color: "teal", label: "Done" },
  failed: { color: "red", label: "Failed" },
  cancelled: { color: "gray", label: "Cancelled" },
};

/** The states in words. */
export const STATE_LABELS: Readonly<Record<JobState, string>> = {
  queued: LOOKS.queued.label,
  running: LOOKS.running.label,
  succeeded: LOOKS.succeeded.label,
  failed: LOOKS.failed.label,
  cancelled: LOOKS.cancelled.label,
};

/** Where an analysis stands: in words, the colour only helps. */
export function StateBadge({ state }: { readonly state: JobState }) {
  const { color, label } = LOOKS[state];
  return (
    <Badge color={color} variant="light" tt="none" style={{ flexShrink: 0 }}>
      {label}
    </Badge>
  );
}
