import "@mantine/notifications/styles.css";

import { AppShell, Group, Text } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import type { ReactNode } from "react";

import { ColorSchemeToggle } from "./ColorSchemeToggle";
import classes from "./Shell.module.css";

interface Props {
  /** At the right of the header. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of what is open to everybody: the header of the app, without what only people with an account have. */
export default function OpenShell({ action, children }: Props) {
  return (
    <AppShell header={{ height: 52 }} padding={{ base: "sm", sm: "lg" }}>
      <a href="#main" className={classes["skip"]}>
        Skip to the page
      </a>
      <AppShell.Header className={classes["header"] ?? ""}>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <a href="/" className={classes["brand"]} aria-label="E2I Causal Analytics">
            <img src="/icon.svg" alt="" width={24} height={24} />
            <Text fw={650} component="span" visibleFrom="xs">
              E2I Causal Analytics
            </Text>
          </a>
          <Group gap="xs" ml="auto" wrap="nowrap">
            {action}
            <ColorSchemeToggle />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Main id="main" tabIndex={-1} className={classes["main"] ?? ""}>
        <Notifications position="bottom-right" />
        <ModalsProvider>{children}</ModalsProvider>
      </AppShell.Main>
    </AppShell>
  );
}
