import { Badge, Group } from "@mantine/core";

import type { Part } from "../../status/types";
import { STATES, type TitleOf, isRootCause, standingWords } from "../../status/words";

interface Props {
  readonly part: Pick<Part, "state" | "suppressed_by" | "flapping" | "excused_by">;
  readonly titleOf: TitleOf;
}

/** How a part stands: in words, the colour only helps. What is to blame stands out from what follows. */
export function StateBadge({ part, titleOf }: Props) {
  const { color, means } = STATES[part.state];
  return (
    <Group gap={6} component="span" display="inline-flex">
      <Badge color={color} variant={isRootCause(part) ? "filled" : "light"} tt="none" title={means} miw="max-content">
        {standingWords(part, titleOf)}
      </Badge>
      {part.flapping && (
        <Badge color="yellow" variant="light" tt="none" title="Single changes are not told." miw="max-content">
          Goes up and down
        </Badge>
      )}
      {part.excused_by && (
        <Badge color="gray" variant="light" tt="none" title={part.excused_by} miw="max-content">
          No alert now
        </Badge>
      )}
    </Group>
  );
}
