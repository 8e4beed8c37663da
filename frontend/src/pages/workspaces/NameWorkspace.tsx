import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { body } from "../../api/client";
import { keys } from "../../api/keys";
import { useApi } from "../../app/platform";
import type { Workspace } from "../../app/workspace";
import { Problem } from "../../components/Problem";

const MAX_LENGTH = 200;

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** The one to rename; a new one is made without it. */
  readonly workspace?: Workspace;
}

/** Makes a workspace, or gives one another name. */
export function NameWorkspace({ opened, onClose, workspace }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={workspace ? "Rename the workspace" : "New workspace"}>
      <NameForm onClose={onClose} workspace={workspace} />
    </Modal>
  );
}

function NameForm({ onClose, workspace }: { readonly onClose: () => void; readonly workspace: Workspace | undefined }) {
  const api = useApi();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { name: workspace?.name ?? "" },
    validate: {
      name: (value) => (value.trim() === "" ? "Type a name" : value.length > MAX_LENGTH ? "Use a shorter name" : null),
    },
  });
  const save = useMutation({
    mutationFn: (name: string) =>
      workspace
        ? body(api.PATCH("/api/v1/workspaces/{id}", { params: { path: { id: workspace.id } }, body: { name } }))
        : body(api.POST("/api/v1/workspaces", { body: { name } })),
    onSuccess: async ({ id }) => {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: keys.workspaces }),
        queryClient.invalidateQueries({ queryKey: keys.account, exact: true }),
      ]);
      onClose();
      await navigate({ to: "/workspaces/$id", params: { id } });
    },
  });
  return (
    <form
      onSubmit={form.onSubmit(({ name }) => {
        save.mutate(name.trim());
      })}
      noValidate
    >
      <Stack gap="md">
        <TextInput
          label="Name"
          placeholder="Brand team"
          required
          maxLength={MAX_LENGTH}
          data-autofocus
          {...form.getInputProps("name")}
        />
        {save.isError && <Problem error={save.error} title="The name was not saved" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            {workspace ? "Rename" : "Make the workspace"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
