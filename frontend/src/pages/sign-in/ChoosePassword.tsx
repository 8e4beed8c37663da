import { Alert, Button, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { isLinkOver, passwordProblem } from "../../auth/passwordProblem";
import { passwordFault } from "../../auth/passwordRules";
import { NewPassword } from "../../components/NewPassword";
import { Frame } from "./Frame";

interface Props {
  readonly ownRules: boolean;
  /** Sets it; afterwards one is signed in. */
  readonly onChosen: (password: string) => Promise<void>;
}

/** The form behind an invite or a reset link. */
export function ChoosePassword({ ownRules, onChosen }: Props) {
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { password: "", again: "" },
    validate: {
      password: (value) => (ownRules ? passwordFault(value) : value === "" ? "Type a password" : null),
      again: (value, { password }) => (value === password ? null : "This is not the same password"),
    },
  });
  const choose = useMutation({ mutationFn: onChosen, onSuccess: () => navigate({ to: "/", replace: true }) });

  return (
    <Frame title="Choose a password">
      <form
        onSubmit={form.onSubmit(({ password }) => {
          choose.mutate(password);
        })}
        noValidate
      >
        <Stack gap="sm">
          <NewPassword
            ownRules={ownRules}
            password={form.getInputProps("password")}
            again={form.getInputProps("again")}
          />
          {choose.isError && (
            <Alert
              color="red"
              role="alert"
              title={isLinkOver(choose.error) ? "This link is over" : "The password was not set"}
            >
              {passwordProblem(choose.error)}
            </Alert>
          )}
          <Button type="submit" loading={choose.isPending} fullWidth>
            Set the password and sign in
          </Button>
        </Stack>
      </form>
      <Alert color="blue" variant="light" role="note">
        Whoever was signed in to this account is signed out.
      </Alert>
    </Frame>
  );
}
