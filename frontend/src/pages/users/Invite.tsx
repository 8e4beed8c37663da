import { Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { body } from "../../api/client";
import { keys } from "../../api/keys";
import { useApi } from "../../app/platform";
import { Problem } from "../../components/Problem";
import { SecretLink } from "../../components/SecretLink";
import { GIVEN_ROLES, PLATFORM_ROLES, type PlatformRole } from "./roles";

const EMPTY: { email: string; role: PlatformRole } = { email: "", role: "user" };

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Makes an account for somebody and gives the link by which they choose their password. */
export function Invite({ opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Invite somebody" size="lg" closeOnClickOutside={false}>
      <InviteForm onClose={onClose} />
    </Modal>
  );
}

function InviteForm({ onClose }: { readonly onClose: () => void }) {
  const api = useApi();
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: EMPTY,
    validate: { email: (value) => (value.includes("@") ? null : "Type their e-mail address") },
  });
  const invite = useMutation({
    mutationFn: ({ email, role }: typeof EMPTY) =>
      body(api.POST("/api/v1/admin/users", { body: { email: email.trim(), role } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.users }),
  });

  if (invite.data?.invite) {
    return (
      <Stack gap="md">
        <SecretLink
          url={invite.data.invite.url}
          expiresAt={invite.data.invite.expires_at}
          words={`Send it to ${invite.data.user.email}: whoever opens it chooses the password of the new account.`}
        />
        <Group justify="flex-end">
          <Button
            variant="default"
            onClick={() => {
              form.reset();
              invite.reset();
            }}
          >
            Invite another
          </Button>
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <form
      onSubmit={form.onSubmit((user) => {
        invite.mutate(user);
      })}
      noValidate
    >
      <Stack gap="md">
        <TextInput
          label="E-mail"
          description="Nothing is sent to it: you get a link to hand over"
          type="email"
          autoComplete="off"
          required
          data-autofocus
          {...form.getInputProps("email")}
        />
        <NativeSelect
          label="Role"
          data={GIVEN_ROLES.map((role) => ({ value: role, label: PLATFORM_ROLES[role].label }))}
          {...form.getInputProps("role")}
        />
        <Text size="sm" c="dimmed">
          {PLATFORM_ROLES[form.values.role].label}: {PLATFORM_ROLES[form.values.role].means}.
        </Text>
        {invite.isError && <Problem error={invite.error} title="They were not invited" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={invite.isPending}>
            Make the account and a link
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
