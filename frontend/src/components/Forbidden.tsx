import { Anchor, Group, Paper, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

interface Props {
  readonly title: string;
  /** Who may, and whom to ask. */
  readonly children: ReactNode;
}

/** What a page shows to people it is not for. */
export function Forbidden({ title, children }: Props) {
  return (
    <Paper withBorder p="xl" radius="md">
      <Group align="flex-start" wrap="nowrap">
        <ThemeIcon variant="light" color="gray" size="lg">
          <IconLock size={20} aria-hidden />
        </ThemeIcon>
        <Stack gap="xs">
          <Title order={2} size="h4">
            {title}
          </Title>
          <Text c="dimmed" component="div" maw={560}>
            {children}
          </Text>
          <Anchor component={Link} to="/" size="sm">
            To the overview
          </Anchor>
        </Stack>
      </Group>
    </Paper>
  );
}
