import { Badge } from "@mantine/core";

import type { ServiceChange } from "../../deployments/types";
import { ACTIONS } from "../../deployments/words";

/** What is done to a service. */
export function ActionBadge({ action }: Pick<ServiceChange, "action">) {
  const { color, label } = ACTIONS[action];
  return (
    <Badge color={color} variant="light" tt="none" miw="max-content">
      {label}
    </Badge>
  );
}
