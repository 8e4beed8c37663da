import { Alert, Button, PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { keys } from "../../api/keys";
import { useAccount } from "../../app/account";
import { usePlatform } from "../../app/platform";
import { passwordProblem } from "../../auth/passwordProblem";
import { passwordFault } from "../../auth/passwordRules";
import { NewPassword } from "../../components/NewPassword";
import { notifyDone } from "../../components/notify";
import { Section } from "../../components/Section";

const EMPTY = { current: "", password: "", again: "" };

/** A new password; all other sessions end by it. */
export function ChangePassword() {
  const { config, session } = usePlatform();
  const queryClient = useQueryClient();
  const { email } = useAccount();
  const ownRules = config.auth_mode === "local";
  const form = useForm({
    initialValues: EMPTY,
    validate: {
      current: (value) => (value === "" ? "Type the password you have now" : null),
      password: (value) => (ownRules ? passwordFault(value, email ?? "") : value === "" ? "Type a password" : null),
      again: (value, { password }) => (value === password ? null : "This is not the same password"),
    },
  });
  const change = useMutation({
    mutationFn: async ({ current, password }: typeof EMPTY) => {
      const { error } = await session.auth.updateUser({ password, current_password: current });
      if (error) {
        throw error;
      }
    },
    onSuccess: async () => {
      form.reset();
      notifyDone("Your password is changed. Your other sessions are ended.");
      await queryClient.invalidateQueries({ queryKey: keys.sessions });
    },
  });

  return (
    <Section title="Password" about="Changing it ends your sessions everywhere but here.">
      <form
        onSubmit={form.onSubmit((values) => {
          change.mutate(values);
        })}
        noValidate
      >
        <Stack gap="sm">
          {/* For password managers: whose password this is. */}
          <input type="text" autoComplete="username" value={email ?? ""} readOnly hidden />
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            required
            {...form.getInputProps("current")}
          />
          <NewPassword
            ownRules={ownRules}
            password={form.getInputProps("password")}
            again={form.getInputProps("again")}
          />
          {change.isError && (
            <Alert color="red" role="alert" title="The password was not changed">
              {passwordProblem(change.error)}
            </Alert>
          )}
          <Button type="submit" variant="default" loading={change.isPending} w="fit-content">
            Change the password
          </Button>
        </Stack>
      </form>
    </Section>
  );
}
