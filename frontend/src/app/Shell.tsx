import { AppShell, Burger, Group, NavLink, ScrollArea, Select, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconActivityHeartbeat,
  IconDatabase,
  IconHome,
  IconMicroscope,
  IconPlus,
  IconRocket,
  IconStack2,
  IconUserCircle,
  IconUsers,
  IconUsersGroup,
} from "@tabler/icons-react";
import { Link, useLocation } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";

import { ColorSchemeToggle } from "./ColorSchemeToggle";
import { MlflowItem } from "../mlflow/MlflowItem";
import { ConnectionNotice } from "./ConnectionNotice";
import classes from "./Shell.module.css";
import { usePlatform } from "./platform";
import { mayWrite, useWorkspace } from "./workspace";
import { TransportNotice } from "../transport/TransportNotice";

interface Props {
  readonly isAdmin: boolean;
  readonly children: ReactNode;
}

/** Header, navigation and the page itself. */
export function Shell({ isAdmin, children }: Props) {
  const [opened, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  const { workspace, workspaces, choose } = useWorkspace();
  const { config } = usePlatform();

  useEffect(() => {
    close();
  }, [pathname, close]);

  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 216, breakpoint: "sm", collapsed: { mobile: !opened } }}
      padding={{ base: "sm", sm: "lg" }}
    >
      <a href="#main" className={classes["skip"]}>
        Skip to the page
      </a>
      <AppShell.Header className={classes["header"] ?? ""}>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger
            opened={opened}
            onClick={toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label="Navigation"
            aria-expanded={opened}
          />
          <Link to="/" className={classes["brand"]} aria-label="E2I Causal Analytics">
            <img src="/icon.svg" alt="" width={24} height={24} />
            <Text fw={650} component="span" visibleFrom="xs">
              E2I Causal Analytics
            </Text>
          </Link>
          <Group gap="xs" ml="auto" wrap="nowrap">
            <Select
              aria-label="Workspace"
              size="xs"
              w={{ base: 150, sm: 220 }}
              allowDeselect={false}
              data={workspaces.map(({ id, name }) => ({ value: id, label: name }))}
              value={workspace.id}
              onChange={(id) => {
                if (id !== null) {
                  choose(id);
                }
              }}
            />
            <ColorSchemeToggle />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs">
        <AppShell.Section grow component={ScrollArea}>
          <nav aria-label="Pages">
            <Item to="/" icon={<IconHome size={18} aria-hidden />} label="Overview" />
            <Item to="/data" icon={<IconDatabase size={18} aria-hidden />} label="Data" />
            <Item to="/analyses" icon={<IconMicroscope size={18} aria-hidden />} label="Analyses" />
            {mayWrite(workspace) && <Item to="/ask" icon={<IconPlus size={18} aria-hidden />} label="New analysis" />}
            <Item to="/workspaces" icon={<IconUsersGroup size={18} aria-hidden />} label="Workspaces" />
            {isAdmin && <Item to="/users" icon={<IconUsers size={18} aria-hidden />} label="Users" />}
            {isAdmin && <Item to="/admin/dispatch" icon={<IconStack2 size={18} aria-hidden />} label="Dispatch" />}
            {isAdmin && config.deployments && (
              <Item to="/deployments" icon={<IconRocket size={18} aria-hidden />} label="Deployments" />
            )}
            <Item to="/status" icon={<IconActivityHeartbeat size={18} aria-hidden />} label="Status" />
            {isAdmin && <MlflowItem className={classes["item"] ?? ""} />}
            <Item to="/account" icon={<IconUserCircle size={18} aria-hidden />} label="Account" />
          </nav>
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes["main"] ?? ""}>
        <TransportNotice />
        {/* The Status page tells what does not answer by itself, and is not old because of it. */}
        {pathname !== "/status" && <ConnectionNotice />}
        {children}
      </AppShell.Main>
    </AppShell>
  );
}

interface ItemProps {
  readonly to:
    | "/"
    | "/data"
    | "/analyses"
    | "/ask"
    | "/workspaces"
    | "/users"
    | "/admin/dispatch"
    | "/deployments"
    | "/status"
    | "/account";
  readonly icon: ReactNode;
  readonly label: string;
}

function Item({ to, icon, label }: ItemProps) {
  const { pathname } = useLocation();
  const active = to === "/" ? pathname === "/" : pathname === to || pathname.startsWith(`${to}/`);
  return (
    <NavLink
      renderRoot={(props) => <Link to={to} aria-current={active ? "page" : undefined} {...props} />}
      active={active}
      className={classes["item"] ?? ""}
      leftSection={icon}
      label={label}
    />
  );
}
