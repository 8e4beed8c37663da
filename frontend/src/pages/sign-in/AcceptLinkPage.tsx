import { Alert, Button, PasswordInput, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { body } from "../../api/client";
import { usePlatform } from "../../app/platform";
import { Problem } from "../../components/Problem";
import { Frame } from "./Frame";

const SHORTEST_PASSWORD = 10;

/** Where an invite or a reset link leads: sets the password and signs in. */
export function AcceptLinkPage() {
  const { api, session } = usePlatform();
  const navigate = useNavigate();
  const [token] = useState(takeToken);
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { password: "", again: "" },
    validate: {
      password: (value) => (value.length < SHORTEST_PASSWORD ? `Use at least ${SHORTEST_PASSWORD} characters` : null),
      again: (value, { password }) => (value === password ? null : "This is not the same password"),
    },
  });
  const accept = useMutation({
    mutationFn: async (password: string) => {
      const answer = await body(api.POST("/auth/v1/link/accept", { body: { token: token ?? "", password } }));
      const { access_token, refresh_token } = answer;
      const { error } = await session.auth.setSession({ access_token, refresh_token });
      if (error) {
        throw error;
      }
    },
    onSuccess: () => navigate({ to: "/", replace: true }),
  });

  if (token === undefined) {
    return (
      <Frame title="This link is not whole">
        <Text size="sm">
          It should end with <code>#token=…</code>. Copy the whole link from the message, or ask an admin for another.
        </Text>
      </Frame>
    );
  }
  return (
    <Frame title="Choose a password">
      <form
        onSubmit={form.onSubmit(({ password }) => {
          accept.mutate(password);
        })}
        noValidate
      >
        <Stack gap="sm">
          <PasswordInput
            label="New password"
            description={`At least ${SHORTEST_PASSWORD} characters; a sentence is easier to keep than a riddle`}
            autoComplete="new-password"
            required
            key={form.key("password")}
            {...form.getInputProps("password")}
          />
          <PasswordInput
            label="The same again"
            autoComplete="new-password"
            required
            key={form.key("again")}
            {...form.getInputProps("again")}
          />
          {accept.isError && <Problem error={accept.error} title="The password was not set" />}
          <Button type="submit" loading={accept.isPending} fullWidth>
            Set the password and sign in
          </Button>
        </Stack>
      </form>
      <Alert color="blue" variant="light">
        Whoever was signed in to this account is signed out.
      </Alert>
    </Frame>
  );
}

/** Reads the token and takes it out of the address: it must not stay in the history. */
function takeToken(): string | undefined {
  const token = new URLSearchParams(window.location.hash.slice(1)).get("token") ?? undefined;
  if (token !== undefined) {
    window.history.replaceState(window.history.state, "", window.location.pathname);
  }
  return token;
}
