import { Badge } from "@mantine/core";

import type { DatasetSummary } from "../../data/datasets";

interface Props {
  readonly dataset: Pick<DatasetSummary, "state" | "recipe">;
}

/** Where a dataset stands: in words, the colour only helps. */
export function DatasetState({ dataset }: Props) {
  const { color, label } = looks(dataset);
  return (
    <Badge color={color} variant="light" tt="none" miw="max-content">
      {label}
    </Badge>
  );
}

function looks({ state, recipe }: Props["dataset"]): { color: string; label: string } {
  switch (state) {
    case "uploading":
      return { color: "blue", label: recipe ? "Being made" : "Arriving" };
    case "profiling":
      return { color: "blue", label: "Being profiled" };
    case "ready":
      return { color: "teal", label: "Ready" };
    case "failed":
      return { color: "red", label: "Failed" };
  }
}
