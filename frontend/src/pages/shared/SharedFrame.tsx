import { Anchor, Box, Container, Group, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { ColorSchemeToggle } from "../../app/ColorSchemeToggle";
import classes from "../../app/Shell.module.css";

interface Props {
  /** What stands at the right of the name of the platform. */
  readonly about?: ReactNode;
  readonly children: ReactNode;
}

/** Around what is shown to people without an account. */
export function SharedFrame({ about, children }: Props) {
  return (
    <Stack gap={0} mih="100vh">
      <Box component="header" className={classes["header"] ?? ""} px="md" py="xs">
        <Group gap="sm" wrap="nowrap" justify="space-between">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <img src="/icon.svg" alt="" width={24} height={24} />
            <Text fw={650} visibleFrom="xs">
              E2I Causal Analytics
            </Text>
            <Text size="sm" c="dimmed" component="div">
              {about}
            </Text>
          </Group>
          <ColorSchemeToggle />
        </Group>
      </Box>
      <Container component="main" id="main" size="lg" w="100%" py="lg" flex={1}>
        {children}
      </Container>
      <Box component="footer" className={classes["header"] ?? ""} p="md">
        <Text size="xs" c="dimmed" ta="center">
          Do you have an account?{" "}
          <Anchor component={Link} to="/sign-in" size="xs" underline="always">
            Sign in
          </Anchor>
        </Text>
      </Box>
    </Stack>
  );
}
