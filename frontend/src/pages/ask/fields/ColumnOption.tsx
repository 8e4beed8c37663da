import { Group, Text } from "@mantine/core";

import type { Offer } from "../../../ask/columns";
import { factsOf } from "./offers";

/** A column in a list: its name, what it holds, and why it cannot serve. */
export function ColumnOption({ offer }: { readonly offer: Offer | undefined }) {
  if (!offer) {
    return null;
  }
  const { column, refusal } = offer;
  return (
    <Group gap="xs" justify="space-between" wrap="wrap" flex={1}>
      <Text size="sm" c={refusal === undefined ? "bright" : "dimmed"} style={{ overflowWrap: "anywhere" }}>
        {column.name}
      </Text>
      <Text size="xs" c="dimmed">
        {refusal ?? factsOf(column)}
      </Text>
    </Group>
  );
}
