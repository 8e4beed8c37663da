import { Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  readonly title: string;
  /** What to do first. */
  readonly children: ReactNode;
}

/** What a page shows when there is nothing to show yet: what belongs here and how it gets here. */
export function Empty({ title, children }: Props) {
  return (
    <Paper withBorder p="xl" radius="md">
      <Stack align="center" gap="sm" ta="center">
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text component="div" c="dimmed" maw={560}>
          {children}
        </Text>
      </Stack>
    </Paper>
  );
}
