import { Alert, Button, Group, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { useAccount } from "../../app/account";
import { usePlatform } from "../../app/platform";
import { signInProblem } from "../../auth/signInProblem";

interface Props {
  /** What is done then. */
  readonly verb: string;
  readonly onSignedIn: () => void;
  readonly onCancel: () => void;
}

/** Asks for the password once more, where one is. What was chosen stays, and is done right after. */
export function FreshSignIn({ verb, onSignedIn, onCancel }: Props) {
  const { session } = usePlatform();
  const { email } = useAccount();
  const [password, setPassword] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // The button that was pressed is gone.
    field.current?.focus();
  }, []);
  const signIn = useMutation({ mutationFn: () => session.signInAgain(password), onSuccess: onSignedIn });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (password !== "") {
          signIn.mutate();
        }
      }}
    >
      <Stack gap="sm">
        <Text size="sm" role="status">
          You signed in over 15 minutes ago. What changes the server wants to know that it is still you: type your
          password, and it goes on.
        </Text>
        {/* For the browser's own memory of passwords. */}
        <TextInput label="E-mail" value={email ?? ""} autoComplete="username" readOnly />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          ref={field}
          value={password}
          onChange={(event) => {
            setPassword(event.currentTarget.value);
          }}
        />
        {signIn.isError && (
          <Alert color="red" role="alert">
            {signInProblem(signIn.error)}
          </Alert>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onCancel}>
            Do nothing
          </Button>
          <Button type="submit" loading={signIn.isPending} disabled={password === ""}>
            Sign in: {verb.charAt(0).toLowerCase() + verb.slice(1)}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
