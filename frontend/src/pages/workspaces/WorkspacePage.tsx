import { Anchor, Badge, Button, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";

import { body } from "../../api/client";
import { keys } from "../../api/keys";
import { useApi } from "../../app/platform";
import { type Workspace, useWorkspace } from "../../app/workspace";
import { Loading } from "../../components/Loading";
import { Page } from "../../components/Page";
import { Problem } from "../../components/Problem";
import { Section } from "../../components/Section";
import { WORKSPACE_ROLES } from "../users/roles";
import { AddMember } from "./AddMember";
import { Members } from "./Members";
import { NameWorkspace } from "./NameWorkspace";
import { RolesExplained } from "./RolesExplained";

/** One workspace: its members and what they may do. */
export function WorkspacePage() {
  const { id } = useParams({ from: "/signed-in/workspaces/$id" });
  const api = useApi();
  const workspace = useQuery({
    queryKey: keys.workspace(id),
    queryFn: () => body(api.GET("/api/v1/workspaces/{id}", { params: { path: { id } } })),
  });

  if (workspace.isError) {
    return (
      <Page title="Workspace">
        <Problem error={workspace.error} onRetry={() => void workspace.refetch()} />
      </Page>
    );
  }
  if (!workspace.data) {
    return (
      <Page title="Workspace">
        <Loading what="Loading the workspace" />
      </Page>
    );
  }
  return <Loaded workspace={workspace.data} key={id} />;
}

function Loaded({ workspace }: { readonly workspace: Workspace }) {
  const { workspace: here, choose } = useWorkspace();
  const [renaming, { open, close }] = useDisclosure(false);
  const owner = workspace.role === "owner";
  return (
    <Page
      title={workspace.name}
      about={
        <>
          <Anchor component={Link} to="/workspaces" size="sm" underline="always">
            Workspaces
          </Anchor>{" "}
          · {WORKSPACE_ROLES[workspace.role].self}
        </>
      }
      actions={
        <Group gap="xs">
          {workspace.personal && (
            <Badge variant="light" color="gray" tt="none" size="lg">
              Your personal workspace
            </Badge>
          )}
          {here.id !== workspace.id && (
            <Button
              onClick={() => {
                choose(workspace.id);
              }}
            >
              Work here
            </Button>
          )}
          {owner && (
            <Button variant="default" onClick={open}>
              Rename
            </Button>
          )}
        </Group>
      }
    >
      <NameWorkspace opened={renaming} onClose={close} workspace={workspace} />
      <Section
        title="Members"
        about={
          owner
            ? "Whoever is a member sees everything in this workspace."
            : "Only an owner can add, change or remove members. Ask one of those below."
        }
      >
        {owner && <AddMember workspace={workspace} />}
        <Members workspace={workspace} />
      </Section>
      <Section title="What each role may do">
        <RolesExplained />
      </Section>
    </Page>
  );
}
