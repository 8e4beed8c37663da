import type { JobState } from "../../components/StateBadge";

/** The states to filter by, in the order of an analysis's life. */
export const STATES: { readonly value: JobState; readonly label: string }[] = [
  { value: "queued", label: "Waiting" },
  { value: "running", label: "Running" },
  { value: "succeeded", label: "Done" },
  { value: "failed", label: "Failed" },
  { value: "cancelled", label: "Cancelled" },
];

export function isState(value: string | undefined): value is JobState {
  return STATES.some((state) => state.value === value);
}
