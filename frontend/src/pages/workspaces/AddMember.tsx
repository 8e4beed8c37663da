import { Button, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { body } from "../../api/client";
import { keys } from "../../api/keys";
import { isStatus } from "../../api/problem";
import { useApi } from "../../app/platform";
import type { Workspace } from "../../app/workspace";
import { notifyDone } from "../../components/notify";
import { Problem } from "../../components/Problem";
import { WORKSPACE_ROLES, WORKSPACE_ROLE_NAMES, type WorkspaceRole } from "../users/roles";

const EMPTY: { email: string; role: WorkspaceRole } = { email: "", role: "analyst" };

/** Makes somebody a member by their address. */
export function AddMember({ workspace }: { readonly workspace: Workspace }) {
  const api = useApi();
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: EMPTY,
    validate: { email: (value) => (value.includes("@") ? null : "Type their e-mail address") },
  });
  const add = useMutation({
    mutationFn: (member: typeof EMPTY) =>
      body(
        api.POST("/api/v1/workspaces/{id}/members", {
          params: { path: { id: workspace.id } },
          body: { ...member, email: member.email.trim() },
        }),
      ),
    onSuccess: async ({ email, role }) => {
      form.reset();
      notifyDone(`${email ?? "They"} can work here now, as ${WORKSPACE_ROLES[role].label.toLowerCase()}.`);
      await queryClient.invalidateQueries({ queryKey: keys.members(workspace.id) });
    },
  });
  return (
    <form
      onSubmit={form.onSubmit((member) => {
        add.mutate(member);
      })}
      noValidate
    >
      <Stack gap="xs">
        <Group align="flex-start" gap="sm">
          <TextInput
            label="E-mail"
            description="Of somebody who has an account here"
            type="email"
            autoComplete="off"
            flex={1}
            miw={200}
            {...form.getInputProps("email")}
          />
          <NativeSelect
            label="Role"
            description="Can be changed later"
            data={WORKSPACE_ROLE_NAMES.map((role) => ({ value: role, label: WORKSPACE_ROLES[role].label }))}
            {...form.getInputProps("role")}
          />
          <Button type="submit" loading={add.isPending} mt={43}>
            Add
          </Button>
        </Group>
        {add.isError && (
          <Problem error={isStatus(add.error, 422) ? new Error(NOBODY) : add.error} title="They were not added" />
        )}
      </Stack>
    </form>
  );
}

const NOBODY = "Nobody here has this address. Check it, or ask an admin to invite them first.";
