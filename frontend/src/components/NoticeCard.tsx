import { Group, Paper, Stack, ThemeIcon, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  readonly color: "red" | "yellow" | "teal" | "gray";
  readonly icon: ReactNode;
  readonly title: string;
  readonly children: ReactNode;
}

/** Something to know before going on: its colour is a stripe, so that much of it stays calm. */
export function NoticeCard({ color, icon, title, children }: Props) {
  return (
    <Paper
      withBorder
      p={{ base: "sm", sm: "md" }}
      radius="md"
      style={{ borderInlineStart: `5px solid var(--mantine-color-${color}-filled)` }}
    >
      <Stack gap="sm">
        <Group gap="sm" wrap="nowrap">
          <ThemeIcon color={color} variant="light" size="md">
            {icon}
          </ThemeIcon>
          <Title order={2} size="h5">
            {title}
          </Title>
        </Group>
        {children}
      </Stack>
    </Paper>
  );
}
