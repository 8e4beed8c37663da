import { Group, Loader, Skeleton, Stack, Text } from "@mantine/core";
import { useTimeout } from "@mantine/hooks";
import { useState } from "react";

interface Props {
  /** What is being waited for, as in "Loading the analyses". */
  readonly what: string;
  /** How many lines of the page to draw in its place. */
  readonly lines?: number;
}

/** The place of what is still loading. After two seconds it says in words what it waits for. */
export function Loading({ what, lines = 4 }: Props) {
  const [slow, setSlow] = useState(false);
  useTimeout(
    () => {
      setSlow(true);
    },
    2000,
    { autoInvoke: true },
  );
  return (
    <Stack gap="sm" role="status" aria-label={what} aria-busy="true">
      {slow && (
        <Group gap="xs">
          <Loader size="xs" />
          <Text size="sm" c="dimmed">
            {what}…
          </Text>
        </Group>
      )}
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={18} width={line === lines - 1 ? "60%" : "100%"} />
      ))}
    </Stack>
  );
}
