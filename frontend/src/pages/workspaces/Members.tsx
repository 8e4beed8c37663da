import { Badge, Button, Group, NativeSelect, Table, Text, VisuallyHidden } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { body } from "../../api/client";
import { keys } from "../../api/keys";
import type { components } from "../../api/schema";
import { useAccount } from "../../app/account";
import { useApi } from "../../app/platform";
import type { Workspace } from "../../app/workspace";
import { confirm } from "../../components/confirm";
import { Loading } from "../../components/Loading";
import { notifyDone, notifyProblem } from "../../components/notify";
import { Problem } from "../../components/Problem";
import { ScrollRegion } from "../../components/ScrollRegion";
import { Time } from "../../components/Time";
import { WORKSPACE_ROLES, WORKSPACE_ROLE_NAMES } from "../users/roles";
import { isLastOwner } from "./lastOwner";

type Member = components["schemas"]["MemberAnswer"];

/** Who works here; owners change roles and remove, everybody may leave. */
export function Members({ workspace }: { readonly workspace: Workspace }) {
  const api = useApi();
  const account = useAccount();
  const path = { id: workspace.id };
  const members = useQuery({
    queryKey: keys.members(workspace.id),
    queryFn: () => body(api.GET("/api/v1/workspaces/{id}/members", { params: { path } })),
  });
  if (members.isError) {
    return <Problem error={members.error} onRetry={() => void members.refetch()} />;
  }
  if (!members.data) {
    return <Loading what="Loading the members" />;
  }
  const all = members.data.members;
  return (
    <ScrollRegion label="Members">
      <Table miw={520} verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Member</Table.Th>
            <Table.Th scope="col">Role</Table.Th>
            <Table.Th scope="col">Since</Table.Th>
            <Table.Th scope="col">
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {all.map((member) => (
            <MemberRow
              key={member.user_id}
              workspace={workspace}
              member={member}
              self={member.user_id === account.id}
              lastOwner={isLastOwner(all, member.user_id)}
            />
          ))}
        </Table.Tbody>
      </Table>
    </ScrollRegion>
  );
}

interface RowProps {
  readonly workspace: Workspace;
  readonly member: Member;
  readonly self: boolean;
  readonly lastOwner: boolean;
}

function MemberRow({ workspace, member, self, lastOwner }: RowProps) {
  const { change, remove } = useMemberActions(workspace, member, self);
  const owner = workspace.role === "owner";
  const name = member.email ?? member.user_id;
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs">
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {name}
          </Text>
          {self && (
            <Badge variant="light" tt="none">
              You
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td>
        {owner && !lastOwner ? (
          <NativeSelect
            aria-label={`Role of ${name}`}
            size="xs"
            w={120}
            disabled={change.isPending}
            data={WORKSPACE_ROLE_NAMES.map((role) => ({ value: role, label: WORKSPACE_ROLES[role].label }))}
            value={member.role}
            onChange={(event) => {
              const role = WORKSPACE_ROLE_NAMES.find((known) => known === event.currentTarget.value);
              if (role) {
                change.mutate(role);
              }
            }}
          />
        ) : (
          WORKSPACE_ROLES[member.role].label
        )}
      </Table.Td>
      <Table.Td>
        <Time at={member.since} />
      </Table.Td>
      <Table.Td ta="right">
        {lastOwner ? (
          <Text size="xs" c="dimmed">
            The last owner stays
          </Text>
        ) : (
          (owner || self) && (
            <Button
              size="compact-xs"
              variant="subtle"
              color="red"
              loading={remove.isPending}
              aria-label={self ? "Leave this workspace" : `Remove ${name}`}
              onClick={async () => {
                if (await confirm(question(workspace, name, self))) {
                  remove.mutate();
                }
              }}
            >
              {self ? "Leave" : "Remove"}
            </Button>
          )
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function question(workspace: Workspace, name: string, self: boolean) {
  return self
    ? {
        title: `Leave ${workspace.name}?`,
        words: "You no longer see its data and analyses. Only an owner can let you in again.",
        verb: "Leave",
        danger: true,
      }
    : {
        title: `Remove ${name}?`,
        words: `They no longer see anything in ${workspace.name}. What they made stays; links they shared stop working.`,
        verb: "Remove",
        danger: true,
      };
}

function useMemberActions(workspace: Workspace, member: Member, self: boolean) {
  const api = useApi();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const path = { id: workspace.id, user_id: member.user_id };
  const forget = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: keys.workspaces }),
      // A change of one's own role, or leaving, changes what one may do.
      ...(self ? [queryClient.invalidateQueries({ queryKey: keys.account, exact: true })] : []),
    ]);
  const change = useMutation({
    mutationFn: (role: Member["role"]) =>
      body(api.PUT("/api/v1/workspaces/{id}/members/{user_id}", { params: { path }, body: { role } })),
    onSuccess: forget,
    onError: (error) => {
      notifyProblem("The role was not changed", error);
    },
  });
  const remove = useMutation({
    mutationFn: () => api.DELETE("/api/v1/workspaces/{id}/members/{user_id}", { params: { path } }),
    onSuccess: async () => {
      if (self) {
        await navigate({ to: "/workspaces" });
      }
      await forget();
      notifyDone(self ? `You left ${workspace.name}.` : `${member.email ?? "They"} can no longer work here.`);
    },
    onError: (error) => {
      notifyProblem(self ? "You are still a member" : "They are still a member", error);
    },
  });
  return { change, remove };
}
