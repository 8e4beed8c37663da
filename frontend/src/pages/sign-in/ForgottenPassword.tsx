import { Alert, Anchor, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";

import { usePlatform } from "../../app/platform";
import { signInProblem } from "../../auth/signInProblem";

interface Props {
  /** The address in the form; nothing while there is none, which the form then says. */
  readonly email: () => string | undefined;
}

/** What to do about a forgotten password: Supabase sends a link, the platform itself sends no mail. */
export function ForgottenPassword({ email }: Props) {
  const { config, session } = usePlatform();
  const ask = useMutation({
    mutationFn: async (address: string) => {
      const { error } = await session.auth.resetPasswordForEmail(address, {
        redirectTo: `${window.location.origin}/accept`,
      });
      if (error) {
        throw error;
      }
    },
  });

  if (config.auth_mode !== "supabase") {
    return (
      <Text size="xs" c="dimmed">
        Accounts are made by an admin. Forgotten your password? Ask an admin for a reset link.
      </Text>
    );
  }
  return (
    <>
      <Anchor
        component="button"
        type="button"
        size="sm"
        onClick={() => {
          const address = email();
          if (address !== undefined) {
            ask.mutate(address);
          }
        }}
      >
        Forgotten your password? Send a link to the address above
      </Anchor>
      {ask.isSuccess && (
        <Alert color="blue" role="status">
          If somebody has this address here, a link is on its way. Open it in this browser.
        </Alert>
      )}
      {ask.isError && (
        <Alert color="red" role="alert">
          {signInProblem(ask.error)}
        </Alert>
      )}
    </>
  );
}
