import { Anchor, Badge, Button, Group, Stack, Table, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { body } from "../../api/client";
import { keys } from "../../api/keys";
import { useApi } from "../../app/platform";
import { useWorkspace } from "../../app/workspace";
import { Loading } from "../../components/Loading";
import { Page } from "../../components/Page";
import { Problem } from "../../components/Problem";
import { ScrollRegion } from "../../components/ScrollRegion";
import { Time } from "../../components/Time";
import { WORKSPACE_ROLES } from "../users/roles";
import { NameWorkspace } from "./NameWorkspace";
import { RolesExplained } from "./RolesExplained";

/** Where one works: with whom, and what one may do there. */
export function WorkspacesPage() {
  const api = useApi();
  const { workspace: here } = useWorkspace();
  const [naming, { open, close }] = useDisclosure(false);
  const workspaces = useQuery({ queryKey: keys.workspaces, queryFn: () => body(api.GET("/api/v1/workspaces")) });

  return (
    <Page
      title="Workspaces"
      about="Data and analyses belong to a workspace; its members see them, and nobody else does."
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
          New workspace
        </Button>
      }
    >
      <NameWorkspace opened={naming} onClose={close} />
      {workspaces.isError && <Problem error={workspaces.error} onRetry={() => void workspaces.refetch()} />}
      {workspaces.isPending && <Loading what="Loading your workspaces" />}
      {workspaces.data && (
        <ScrollRegion label="Your workspaces">
          <Table miw={480} verticalSpacing="sm" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Name</Table.Th>
                <Table.Th scope="col">You are</Table.Th>
                <Table.Th scope="col">Since</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {workspaces.data.workspaces.map(({ id, name, personal, role, created_at }) => (
                <Table.Tr key={id}>
                  <Table.Td>
                    <Group gap="xs">
                      <Anchor renderRoot={(props) => <Link to="/workspaces/$id" params={{ id }} {...props} />} fw={500}>
                        {name}
                      </Anchor>
                      {personal && (
                        <Badge variant="light" color="gray" tt="none">
                          Personal
                        </Badge>
                      )}
                      {id === here.id && (
                        <Badge variant="light" tt="none">
                          You work here now
                        </Badge>
                      )}
                    </Group>
                  </Table.Td>
                  <Table.Td>{WORKSPACE_ROLES[role].label}</Table.Td>
                  <Table.Td>
                    <Time at={created_at} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollRegion>
      )}
      <Stack gap={4}>
        <RolesExplained />
        <Text size="sm" c="dimmed">
          The workspace at the top of every page is the one that lists show and new things go to.
        </Text>
      </Stack>
    </Page>
  );
}
