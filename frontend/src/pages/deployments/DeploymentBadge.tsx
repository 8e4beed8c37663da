import { Badge } from "@mantine/core";

import type { DeploymentState } from "../../deployments/types";
import { STATES } from "../../deployments/words";

/** Where a deployment stands: in words, the colour only helps. */
export function DeploymentBadge({ state }: { readonly state: DeploymentState }) {
  const { color, label, means } = STATES[state];
  return (
    <Badge color={color} variant="light" tt="none" title={means} miw="max-content">
      {label}
    </Badge>
  );
}
