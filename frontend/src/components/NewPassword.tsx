import { List, PasswordInput, Stack, Text } from "@mantine/core";
import type { GetInputPropsReturnType } from "@mantine/form";

import { RULES } from "../auth/passwordRules";

interface Props {
  readonly password: GetInputPropsReturnType;
  readonly again: GetInputPropsReturnType;
  /** Whether the platform's own rules hold; Supabase has rules of its own. */
  readonly ownRules: boolean;
}

/** A new password, typed twice, with its rules. */
export function NewPassword({ password, again, ownRules }: Props) {
  return (
    <Stack gap="sm">
      <PasswordInput label="New password" autoComplete="new-password" required {...password} />
      <PasswordInput label="The same again" autoComplete="new-password" required {...again} />
      {ownRules && (
        <Text size="xs" c="dimmed" component="div">
          A good password has
          <List size="xs" withPadding>
            {RULES.map((rule) => (
              <List.Item key={rule}>{rule}</List.Item>
            ))}
          </List>
        </Text>
      )}
    </Stack>
  );
}
