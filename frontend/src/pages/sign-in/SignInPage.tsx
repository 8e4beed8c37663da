import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { Navigate, useSearch } from "@tanstack/react-router";

import { usePlatform } from "../../app/platform";
import { useSignedIn } from "../../auth/useSession";
import { ForgottenPassword } from "./ForgottenPassword";
import { Frame } from "./Frame";
import { ownPath } from "./ownPath";
import { signInProblem } from "../../auth/signInProblem";

export function SignInPage() {
  const { session } = usePlatform();
  const signedIn = useSignedIn();
  const { back, why } = useSearch({ from: "/sign-in" });
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { email: "", password: "" },
    validate: {
      email: (value) => (value.includes("@") ? null : "Type your e-mail address"),
      password: (value) => (value === "" ? "Type your password" : null),
    },
  });
  const signIn = useMutation({
    mutationFn: async (credentials: { email: string; password: string }) => {
      const { error } = await session.auth.signInWithPassword(credentials);
      if (error) {
        throw error;
      }
    },
  });

  if (signedIn.state === "in") {
    return <Navigate to={ownPath(back)} replace />;
  }
  return (
    <Frame title="Sign in">
      {why === "expired" && (
        <Alert color="blue" role="status">
          Your session is over. Sign in, and you are back where you were.
        </Alert>
      )}
      <form
        onSubmit={form.onSubmit((credentials) => {
          signIn.mutate(credentials);
        })}
        noValidate
      >
        <Stack gap="sm">
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            required
            key={form.key("email")}
            {...form.getInputProps("email")}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            key={form.key("password")}
            {...form.getInputProps("password")}
          />
          {signIn.isError && (
            <Alert color="red" role="alert">
              {signInProblem(signIn.error)}
            </Alert>
          )}
          <Button type="submit" loading={signIn.isPending} fullWidth>
            Sign in
          </Button>
        </Stack>
      </form>
      <ForgottenPassword
        email={() => (form.validateField("email").hasError ? undefined : form.getValues().email.trim())}
      />
    </Frame>
  );
}
